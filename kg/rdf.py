"""A block as RDF: the one place that turns nodes and edges into triples, as lines of canonical N-Triples.

The rule that maps one shape to the other stands in ``kg/schema.py``. Lines carry no line end and come in an order that
follows from the block alone; every subject among them belongs to that block and to no other.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from json.encoder import encode_basestring  # its escapes are those of N-Triples, but for what _RARE finds
from math import isfinite
from typing import Any, NamedTuple

from kg.errors import KgError
from kg.model import Block, Edge, Node, Value
from kg.schema import CONCEPTS, EDGES, NODES, PREFIXES, Property

_RARE = re.compile(r"\\u00|[\x7f\ud800-\udfff]")
_ESCAPES = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)},
    **{ord(char): "\\" + letter for char, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)},
    **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}"),  # half a character has no UTF-8
}
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\\x7f]*")
_XSD = PREFIXES["xsd"]


def expand(term: str) -> str:
    """The full IRI of a prefixed term of the schema: ``kg:uses``, ``skos:prefLabel``."""
    prefix, _, local = term.partition(":")
    return PREFIXES[prefix] + local


def iri(base: str, local: str) -> str:
    """The full IRI of a local part."""
    return base + local


def check_iri(text: str) -> str:
    """``text`` itself if it is an absolute IRI, as a base has to be; raises KgError if not."""
    if not _IRI.fullmatch(text):
        raise KgError(f"{text!r} is not an absolute IRI, such as https://example.org/kg/")
    return text


def string(value: str) -> str:
    """A string as a literal. Half a surrogate pair, which no file can hold, becomes U+FFFD."""
    text = encode_basestring(value)
    return f'"{value.translate(_ESCAPES)}"' if _RARE.search(text) else text


def integer(value: int) -> str:
    """An integer as an xsd:integer literal."""
    return f'"{int(value)}"^^<{_XSD}integer>'


@lru_cache(maxsize=65536)  # confidences repeat
def double(value: float) -> str:
    """A finite number as an xsd:double literal in canonical form: ``"9.25E1"``."""
    number = float(value)
    if not isfinite(number):
        raise KgError(f"{value!r} is no number that a graph can hold: leave the property out")
    mantissa, _, exponent = repr(number).lower().partition("e")
    sign, mantissa = ("-", mantissa[1:]) if mantissa.startswith("-") else ("", mantissa)
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return f'"{sign}0.0E0"^^<{_XSD}double>'
    power = int(exponent or 0) + len(digits) - len(fraction) - 1
    digits = digits.rstrip("0")
    return f'"{sign}{digits[0]}.{digits[1:] or "0"}E{power}"^^<{_XSD}double>'


def boolean(value: bool) -> str:
    """A truth value as an xsd:boolean literal."""
    return f'"{"true" if value else "false"}"^^<{_XSD}boolean>'


_LITERALS: dict[str, Callable[[Any], str]] = {
    "string": string,
    "integer": integer,
    "double": double,
    "boolean": boolean,
}


def literal(value: Value) -> str:
    """A Python value as the literal of its own type (a tuple has none)."""
    if isinstance(value, bool):
        return boolean(value)
    if isinstance(value, int):
        return integer(value)
    return double(value) if isinstance(value, float) else string(str(value))


class _Writer(NamedTuple):
    """What is known of a property before its value is: the predicate between spaces, how to write, whether a list."""

    predicate: str
    write: Callable[[Any], str]
    many: bool


def _writers(properties: Mapping[str, Property]) -> dict[str, _Writer]:
    return {
        key: _Writer(f" <{expand(p.term)}> ", _LITERALS[p.datatype], p.many) for key, p in sorted(properties.items())
    }


_TYPE = f" <{PREFIXES['rdf']}type> "
_FROM = f" <{expand('kg:from')}> "
_TO = f" <{expand('kg:to')}> "
_REPLACED = f" <{expand('dcterms:isReplacedBy')}> "


@cache
def _node_type(label: str) -> tuple[tuple[str, ...], dict[str, _Writer]]:
    """The ends of a node's type lines, and how its properties are written."""
    kind = NODES[label]
    terms = (f"kg:{label}", *(("kg:Concept",) if label in CONCEPTS else ()), *kind.classes)
    return tuple(f"{_TYPE}<{expand(term)}> ." for term in terms), _writers(kind.properties)


@cache
def _edge_type(name: str) -> tuple[str, str, dict[str, _Writer]]:
    """An edge's predicate, the end of its statement's type line ("" without one), and how properties are written."""
    kind = EDGES[name]
    statement = f"{_TYPE}<{expand(kind.statement)}> ." if kind.statement else ""
    return f" <{expand(kind.term)}> ", statement, _writers(kind.properties)


def _property_lines(subject: str, properties: Mapping[str, Value], writers: dict[str, _Writer]) -> Iterator[str]:
    if not properties.keys() <= writers.keys():
        unknown = sorted(properties.keys() - writers.keys())
        raise KgError(f"{subject} has properties {unknown} that the schema does not know: known are {list(writers)}")
    for key, (predicate, write, many) in writers.items():
        value = properties.get(key)
        if value is None:
            continue
        for one in value if many else (value,):  # type: ignore[union-attr]
            yield f"{subject}{predicate}{write(one)} ."


def _node_lines(node: Node, start: str) -> Iterator[str]:
    subject = f"{start}{node.iri}>"
    types, writers = _node_type(node.label)
    for end in types:
        yield subject + end
    yield from _property_lines(subject, node.properties, writers)


def _edge_lines(edge: Edge, start: str) -> Iterator[str]:
    predicate, statement, writers = _edge_type(edge.type)
    source, target = f"{start}{edge.start}>", f"{start}{edge.end}>"
    yield f"{source}{predicate}{target} ."
    if bool(statement) != bool(edge.iri):
        raise KgError(
            f"{edge.type} from {source} to {target}: {edge.iri!r} is not the IRI of a statement as the schema asks"
        )
    if statement:
        subject = f"{start}{edge.iri}>"
        yield subject + statement
        yield f"{subject}{_FROM}{source} ."
        yield f"{subject}{_TO}{target} ."
        yield from _property_lines(subject, edge.properties, writers)


def _lines(block: Block, start: str) -> Iterator[str]:
    for node in block.nodes:
        yield from _node_lines(node, start)
    for edge in block.edges:
        yield from _edge_lines(edge, start)
    for old in block.replaced:
        yield f"{start}{old}>{_REPLACED}{start}{block.nodes[0].iri}> ."


def triples(block: Block, base: str) -> list[str]:
    """The block's triples as lines of N-Triples without line ends; none stands there twice.

    Raises KgError for a property that the schema does not know or a number that is not finite.
    """
    return list(dict.fromkeys(_lines(block, "<" + base)))
