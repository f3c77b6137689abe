"""The types that a question's parameters have: from what a person writes to a value, and from it to a query.

The value is plain data that serves every query language: local IRIs, relationship types, labels, numbers, texts. SPARQL
has no parameters: only here are values written into its text, each in a form from which nothing can break out.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from math import isfinite
from typing import Any

from kg import rdf
from kg.errors import NotFoundError, QueryError
from kg.identity import fold_name
from kg.questions.english import spellings
from kg.questions.lookup import Hit, Lookup
from kg.schema import CONCEPTS, EDGES, NODES, ROLE_EDGES

NEAR = 0.6  # of their letters: SQuAD and "squared array" are farther apart
Value = str | int | float | tuple[str, ...]

ROLES = {
    "any": tuple(ROLE_EDGES.values()),
    "use": (ROLE_EDGES["proposed"], ROLE_EDGES["used"]),
    **{role: (edge,) for role, edge in ROLE_EDGES.items()},
}
ORDERS = {"best": 0, "highest": 1, "lowest": -1}
_ROLE_OF = {edge: role for role, edge in ROLE_EDGES.items()}
_LOCAL = re.compile(r"[A-Z][0-9a-f]{20}")
_LETTERS = {kind.letter: label for label, kind in NODES.items()}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a question. ``labels`` are those a concept may have; ``default`` None: it must be given."""

    name: str
    type: str
    labels: tuple[str, ...] = ()
    default: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """A parameter's value, in words for people, and what to tell them about the choice that was made."""

    value: Value
    words: str
    notes: tuple[str, ...] = ()


def resolve(parameter: Parameter, text: str, lookup: Lookup) -> Resolved:
    """The value that ``text`` means. Raises QueryError for a wrong type, NotFoundError for an unknown name."""
    return TYPES[parameter.type].read(parameter, text.strip(), lookup)


def to_sparql(parameter: Parameter, value: Any) -> str:
    """The value as it stands in a SPARQL query: terms separated by spaces."""
    return TYPES[parameter.type].write(value)


def to_cypher(parameter: Parameter, value: Any, base: str) -> Any:
    """The value as a Cypher query takes it for its ``$name``: IRIs are whole, what may be several is a list."""
    if not isinstance(value, tuple):
        return value
    return [base + local for local in value] if TYPES[parameter.type].write is _iris else list(value)


def from_hits(hits: Sequence[Hit], asked: str) -> Resolved:
    """All of these things together, and a note if the name means several."""
    names = [f"{hit.label} '{hit.name}'" for hit in hits]
    words = " or ".join(dict.fromkeys(names))
    note = f"'{asked}' names {len(hits)} things, all are taken: {', '.join(names)}"
    return Resolved(tuple(hit.iri for hit in hits), words, (note,) if len(hits) > 1 else ())


def not_found(what: str, text: str, kinds: Sequence[str], lookup: Lookup) -> NotFoundError:
    """The error for a name that nothing has, with the nearest names."""
    near = [name for name in dict.fromkeys(lookup.suggest(text, kinds, 20)) if _near(text, name)][:5]
    hint = f"; the nearest are {', '.join(map(repr, near))}" if near else ""
    return NotFoundError(f"no {what} {text!r} in this graph{hint}")


def _near(asked: str, name: str) -> bool:
    """Whether a name shares a word with the one asked for, or most of its letters."""
    one, other = fold_name(asked), fold_name(name)
    return bool(set(one.split()) & set(other.split())) or SequenceMatcher(None, one, other).ratio() >= NEAR


def _concept(parameter: Parameter, text: str, lookup: Lookup) -> Resolved:
    if known := _local(text):
        if _LETTERS[known[0]] not in parameter.labels:
            raise _wrong(parameter, text, f"the key of a {' or '.join(parameter.labels)}")
        return Resolved((known,), f"{_LETTERS[known[0]]} {known}")
    hits = next(filter(None, (lookup.find_concepts(name, parameter.labels) for name in spellings(text))), [])
    if not hits:
        raise not_found(" or ".join(parameter.labels), text, parameter.labels, lookup)
    return from_hits(hits, text)


def _author(parameter: Parameter, text: str, lookup: Lookup) -> Resolved:
    if (known := _local(text)) and _LETTERS[known[0]] == "Author":
        return Resolved((known,), f"Author {known}")
    hits = lookup.find_authors(text)
    if not hits:
        raise not_found("author", text, ("Author",), lookup)
    return from_hits(hits, text)


def _paper(parameter: Parameter, text: str, lookup: Lookup) -> Resolved:
    hits = lookup.find_papers(text)
    if not hits:
        raise not_found("paper", text, ("Paper",), lookup)
    return from_hits(hits, text)


def _local(text: str) -> str | None:
    """The local part that a person gave as it is or within an IRI."""
    local = text.rsplit("/", 1)[-1]
    return local if _LOCAL.fullmatch(local) and local[0] in _LETTERS else None


def _choice(table: dict[str, Any]) -> Callable[[Parameter, str, Lookup], Resolved]:
    def read(parameter: Parameter, text: str, lookup: Lookup) -> Resolved:
        if text.casefold() not in table:
            near = get_close_matches(text.casefold(), table, 1)
            raise _wrong(
                parameter, text, f"one of {', '.join(table)}" + (f" (did you mean {near[0]}?)" if near else "")
            )
        return Resolved(table[text.casefold()], text.casefold())

    return read


def _integer(parameter: Parameter, text: str, lookup: Lookup) -> Resolved:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise _wrong(parameter, text, "a whole number from 0")
    return Resolved(int(text), text)


def _year(parameter: Parameter, text: str, lookup: Lookup) -> Resolved:
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise _wrong(parameter, text, "a year such as 2024")
    return Resolved(int(text), text)


def _number(parameter: Parameter, text: str, lookup: Lookup) -> Resolved:
    match = re.fullmatch(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(%?)", text, re.ASCII)
    if not match or not isfinite(float(match[1])):
        raise _wrong(parameter, text, "a number such as 0.9 or 90%")
    return Resolved(float(match[1]) / (100 if match[2] else 1), text)


def _text(parameter: Parameter, text: str, lookup: Lookup) -> Resolved:
    return Resolved(text, f"'{text}'")


def _wrong(parameter: Parameter, text: str, right: str) -> QueryError:
    return QueryError(f"parameter {parameter.name}: {text!r} is not {right}")


def _iris(value: Sequence[str]) -> str:
    """Local parts behind the empty prefix, which every engine knows as the graph's base."""
    wrong = [local for local in value if not _LOCAL.fullmatch(local)]
    if wrong:
        raise QueryError(f"{wrong[0]!r} is not the local part of an IRI of this graph")
    return " ".join(f":{local}" for local in value)


def _roles(value: Sequence[str]) -> str:
    return " ".join(f'({EDGES[edge].term} "{_ROLE_OF[edge]}")' for edge in value)


def _classes(value: Sequence[str]) -> str:
    return " ".join(f"kg:{label}" for label in value)


@dataclass(frozen=True, slots=True)
class _Type:
    read: Callable[[Parameter, str, Lookup], Resolved]
    write: Callable[[Any], str]


_LABELS = {label.casefold(): (label,) for label in CONCEPTS}
_LABELS |= {f"{label}s": value for label, value in _LABELS.items()}

TYPES = {
    "concept": _Type(_concept, _iris),
    "author": _Type(_author, _iris),
    "paper": _Type(_paper, _iris),
    "role": _Type(_choice(ROLES), _roles),
    "label": _Type(_choice(_LABELS), _classes),
    "order": _Type(_choice(ORDERS), str),
    "integer": _Type(_integer, str),
    "year": _Type(_year, str),
    "number": _Type(_number, rdf.double),
    "text": _Type(_text, rdf.string),
    "category": _Type(_text, rdf.string),
}
