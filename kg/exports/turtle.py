"""Turtle for people to read: a paragraph a subject, prefixes bound, the graph's own things under the empty prefix."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import BinaryIO

from kg import rdf
from kg.model import Block
from kg.schema import PREFIXES

_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_TYPE = f"<{rdf.expand('rdf:type')}>"
_PLAIN = tuple(f"^^<{rdf.expand(term)}>" for term in ("xsd:integer", "xsd:double", "xsd:boolean"))

Shorten = Callable[[str], str]


def write(blocks: Iterable[Block], target: BinaryIO, *, base: str) -> None:
    """Writes the graph subject by subject, in the order of the stream."""
    prefixes = {"": base, **PREFIXES}
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
    target.write(head.encode())
    shorten = _shortener(prefixes)
    for block in blocks:
        target.write("".join(_paragraphs(rdf.triples(block, base), shorten)).encode())


def _shortener(prefixes: dict[str, str]) -> Shorten:
    """A function from an IRI in angle brackets to its prefixed name, where it has one."""
    spaces = sorted(((iri, name) for name, iri in prefixes.items()), key=lambda space: -len(space[0]))

    @lru_cache(maxsize=10_000)  # a block says the same IRI many times
    def shorten(term: str) -> str:
        for iri, name in spaces:
            if term.startswith(iri, 1) and _LOCAL.fullmatch(term, len(iri) + 1, len(term) - 1):
                return f"{name}:{term[len(iri) + 1 : -1]}"
        return term

    return shorten


def _paragraphs(lines: Iterable[str], shorten: Shorten) -> Iterable[str]:
    subjects: dict[str, dict[str, list[str]]] = {}
    for line in lines:
        subject, predicate, value = line[:-2].split(" ", 2)
        subjects.setdefault(subject, {}).setdefault(predicate, []).append(_value(value, shorten))
    for subject, predicates in subjects.items():
        said = " ;\n    ".join(
            f"{'a' if predicate == _TYPE else shorten(predicate)} {', '.join(values)}"
            for predicate, values in predicates.items()
        )
        yield f"\n{shorten(subject)} {said} .\n"


def _value(term: str, shorten: Shorten) -> str:
    """An object: numbers and truth values stand bare, strings have the same escapes as in N-Triples."""
    if term[0] == "<":
        return shorten(term)
    return term[1:].partition('"')[0] if term.endswith(_PLAIN) and not term.endswith('"') else term
