"""Whether a graph is as its SHACL shapes ask, and a line of ``kg extract`` as its JSON Schema does.

Needs ``paperkg[validate]``: this module is the door to pySHACL and jsonschema.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

from kg import paths, rdf
from kg.errors import EngineError
from kg.model import Block

TRIPLES_A_CHECK = 20_000  # shapes are read anew for each check, memory grows with its size
_SH = "http://www.w3.org/ns/shacl#"


class Violation(NamedTuple):
    """One thing that is wrong: where (an IRI, or a line), what of it, why."""

    place: str
    path: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in self if part)


def validate_graph(blocks: Iterable[Block], base: str) -> Iterator[Violation]:
    """Checks the graph against ``schemas/shapes.ttl``, some blocks at a time, so that memory stays flat.

    Raises EngineError if pySHACL is not installed.
    """
    pyshacl, rdflib = _needed("pyshacl"), _needed("rdflib")
    shapes = rdflib.Graph().parse(paths.schemas() / "shapes.ttl")
    for lines in _batches(blocks, base):
        graph = rdflib.Graph().parse(data="\n".join(lines), format="nt")
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inplace=True)
        yield from sorted(_violations(report, rdflib))


def validate_lines(lines: Iterable[bytes | str]) -> Iterator[Violation]:
    """Checks lines of ``kg extract`` against ``schemas/paper.schema.json``, and that every offset finds its text.

    Empty lines are passed over. Raises EngineError if jsonschema is not installed.
    """
    jsonschema = _needed("jsonschema")
    schema = json.loads((paths.schemas() / "paper.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield from _line_violations(f"line {number}", line, validator)


def _needed(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError as error:
        raise EngineError(f"{name} is not installed: run pip install 'paperkg[validate]'") from error


def _batches(blocks: Iterable[Block], base: str) -> Iterator[list[str]]:
    lines: list[str] = []
    for block in blocks:
        lines += rdf.triples(block, base)
        if len(lines) >= TRIPLES_A_CHECK:
            yield lines
            lines = []
    if lines:
        yield lines


def _violations(report: Any, rdflib: ModuleType) -> Iterator[Violation]:
    shacl = rdflib.Namespace(_SH)
    for result in report.objects(None, shacl.result):
        path, value = report.value(result, shacl.resultPath), report.value(result, shacl.value)
        inverse = report.value(path, shacl.inversePath) if path is not None else None
        what = f"^{inverse}" if inverse is not None else str(path or "")
        component = str(report.value(result, shacl.sourceConstraintComponent))
        message = str(report.value(result, shacl.resultMessage) or "")
        reason = f"{component.removeprefix(_SH).removesuffix('ConstraintComponent')}: {message}"
        yield Violation(
            str(report.value(result, shacl.focusNode)), what, reason + ("" if value is None else f" ({value})")
        )


def _line_violations(place: str, line: bytes | str, validator: Any) -> Iterator[Violation]:
    try:
        paper = json.loads(line)
    except ValueError as error:
        yield Violation(place, "", f"not JSON in UTF-8: {error}")
        return
    flaws = sorted(validator.iter_errors(paper), key=lambda flaw: list(map(str, flaw.absolute_path)))
    for flaw in flaws:
        yield Violation(place, flaw.json_path, flaw.message)
    if not flaws:
        yield from _offset_violations(place, paper)


def _offset_violations(place: str, paper: Mapping[str, Any]) -> Iterator[Violation]:
    text = f"{paper['title']}\n{paper['abstract']}"
    for path, start, end, expected in _spans(paper):
        found = text[start:end]
        if not 0 <= start < end <= len(text):
            yield Violation(place, path, f"[{start}, {end}] is no span of a text of {len(text)} characters")
        elif expected is not None and found != expected:
            yield Violation(place, path, f"[{start}, {end}] is {found!r}, not {expected!r}")


def _spans(paper: Mapping[str, Any]) -> Iterator[tuple[str, int, int, str | None]]:
    """Every span of a line: its path, start, end, and the text it has to hold (None: any)."""
    for n, (start, end) in enumerate(paper["sentences"]):
        yield f"$.sentences[{n}]", start, end, None
    for n, entity in enumerate(paper["entities"]):
        for m, mention in enumerate(entity["mentions"]):
            yield f"$.entities[{n}].mentions[{m}]", mention["start"], mention["end"], mention["text"]
    for kind in ("results", "quantities"):
        for n, number in enumerate(paper[kind]):
            yield f"$.{kind}[{n}]", number["start"], number["end"], number["raw"]
    for n, result in enumerate(paper["results"]):
        yield f"$.results[{n}].value", result["value_start"], result["value_end"], None
