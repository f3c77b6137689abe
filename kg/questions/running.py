"""A question with its values, run on an engine."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from kg.engines import Engine, Iri
from kg.errors import QueryError
from kg.questions import parameters as types
from kg.questions.answer import Answer
from kg.questions.lookup import Lookup
from kg.questions.parameters import Parameter, Resolved
from kg.questions.saved import COMMENTS, PLACE, Question, named, parse

CONFIDENCE, LIMIT = "minConfidence", "limit"


@dataclass(frozen=True, slots=True)
class Bound:
    """A question with a value for every parameter."""

    question: Question
    resolved: Mapping[str, Resolved]

    @property
    def values(self) -> dict[str, types.Value]:
        """The values as plain data, as a language with parameters of its own takes them; IRIs are local parts."""
        return {name: resolved.value for name, resolved in self.resolved.items()}

    @property
    def notes(self) -> tuple[str, ...]:
        """What to tell a reader about the choices that were made."""
        return tuple(note for resolved in self.resolved.values() for note in resolved.notes)

    @property
    def sparql(self) -> str:
        """The query in SPARQL, values in their places, without its head."""
        written = {p.name: types.to_sparql(p, self.resolved[p.name].value) for p in self.question.parameters}
        return PLACE.sub(lambda match: written.get(match[1], match[0]), self._body("sparql"))

    @property
    def cypher(self) -> str:
        """The query in Cypher without its head; its values go beside it."""
        return self._body("cypher")

    def cypher_parameters(self, base: str) -> dict[str, Any]:
        """What the Cypher query takes for each ``$name``, and ``$base``, which every IRI of the graph starts with."""
        written = {p.name: types.to_cypher(p, self.resolved[p.name].value, base) for p in self.question.parameters}
        return {"base": base, **written}

    def _body(self, language: str) -> str:
        text = self.question.queries.get(language)
        if text is None:
            raise QueryError(
                f"{_title(self.question)} is written in {', '.join(self.question.queries)}, not {language}"
            )
        lines = ("" if line.startswith(COMMENTS[language]) else line for line in text.splitlines())
        return "\n".join(lines)  # as many lines as its author sees, for the place of a mistake


def bind(question: Question, values: Mapping[str, str | Resolved], lookup: Lookup) -> Bound:
    """A value for every parameter: the given ones (as people write them, or resolved), else its default.

    Raises QueryError for an unknown or missing parameter or a value of the wrong type, NotFoundError for a name that
    nothing in the graph has.
    """
    _check(question, values)
    resolved: dict[str, Resolved] = {}
    for parameter in question.parameters:
        value = values.get(parameter.name, parameter.default)
        if value is None:
            raise QueryError(f"{_title(question)} needs the parameter {_describe(parameter)}")
        resolved[parameter.name] = (
            value if isinstance(value, Resolved) else types.resolve(parameter, str(value), lookup)
        )
    return Bound(question, resolved)


def run(
    question: Question | str,
    values: Mapping[str, str | Resolved],
    *,
    engine: Engine,
    lookup: Lookup,
    min_confidence: float | None = None,
    timeout: float | None = None,
) -> Answer:
    """The answer to a saved question (or its name). Raises what ``bind`` and the engine raise."""
    question = named(question) if isinstance(question, str) else question
    bound = bind(question, _with_confidence(question, values, min_confidence), lookup)
    text, parameters = _WRITTEN[engine.language](bound, engine.base)
    rows = engine.query(text, parameters=parameters, timeout=timeout)
    cells = [tuple(map(_key, row)) for row in rows.rows] if question.text else list(rows.rows)
    notes = (*bound.notes, *_cut(bound, len(cells)))
    return Answer(
        question.text, in_words(bound), question.name, _shown(text, parameters), tuple(rows.columns), cells, notes
    )


def run_text(
    text: str,
    values: Mapping[str, str],
    *,
    engine: Engine,
    lookup: Lookup,
    min_confidence: float | None = None,
    timeout: float | None = None,
) -> Answer:
    """The answer to a query of one's own, in the language of the engine.

    Its head, if it has one, describes parameters as a saved question's does.
    """
    question = parse(text, language=engine.language)
    return run(question, values, engine=engine, lookup=lookup, min_confidence=min_confidence, timeout=timeout)


_WRITTEN: dict[str, Callable[[Bound, str], tuple[str, dict[str, Any] | None]]] = {
    "sparql": lambda bound, base: (bound.sparql, None),
    "cypher": lambda bound, base: (bound.cypher, bound.cypher_parameters(base)),
}


def _shown(text: str, parameters: Mapping[str, Any] | None) -> str:
    """What ran, for people: values that went beside the text stand above it, as Neo4j Browser takes them."""
    used = {name: value for name, value in (parameters or {}).items() if name in PLACE.findall(text)}
    values = [f"// :param {name} => {json.dumps(value, ensure_ascii=False)}" for name, value in used.items()]
    return "\n".join([*values, text.strip("\n")])


def in_words(bound: Bound) -> str:
    """The question with the values that were given for what it asks about."""
    told = [
        f"{p.name} = {bound.resolved[p.name].words}"
        for p in bound.question.parameters
        if p.default is None or bound.resolved[p.name].words != p.default
    ]
    return " ".join([bound.question.text, f"({'; '.join(told)})" if told else ""]).strip()


def _with_confidence(
    question: Question, values: Mapping[str, str | Resolved], least: float | None
) -> Mapping[str, str | Resolved]:
    if least is not None and not (isinstance(least, int | float) and 0 <= least <= 1):
        raise QueryError(f"the least confidence is a number between 0 and 1, not {least!r}")
    if not least:
        return values
    if CONFIDENCE not in (p.name for p in question.parameters):
        raise QueryError(f"{_title(question)} has no confidence to ask for: leave the least confidence out")
    return {**values, CONFIDENCE: repr(float(least))}


def _check(question: Question, values: Mapping[str, Any]) -> None:
    known = {p.name: p for p in question.parameters}
    for name in values:
        if name not in known:
            near = get_close_matches(name, known, 1, 0.5)
            hint = f" (did you mean {near[0]}?)" if near else ""
            listed = "; ".join(map(_describe, known.values())) or "none"
            raise QueryError(f"{_title(question)} has no parameter {name!r}{hint}: known are {listed}")


def _title(question: Question) -> str:
    return f"question {question.name!r}" if question.name else "this query"


def _describe(parameter: Parameter) -> str:
    kind = f"{parameter.type}({', '.join(parameter.labels)})" if parameter.labels else parameter.type
    default = "" if parameter.default is None else f" = {parameter.default}"
    return f"{parameter.name}: {kind}{default}" + (f" ({parameter.note})" if parameter.note else "")


def _key(cell: Any) -> Any:
    return cell.rsplit("/", 1)[-1] if isinstance(cell, Iri) else cell


def _cut(bound: Bound, count: int) -> tuple[str, ...]:
    limit = bound.values.get(LIMIT)
    if limit is None or count < int(str(limit)) or not count:
        return ()
    return (f"these are the first {count} rows: there may be more (limit = {limit})",)
