"""The border with spaCy: how a Doc carries what was found in it. Only this file knows.

A component calls these functions and never touches ``Doc.user_data``. What lies there is lists, strings and numbers,
which msgpack can carry. All offsets are code points into the text, free of token bounds, so that a component with a
tokenizer of its own can write mentions like any other.
"""

from typing import Any, NamedTuple

from spacy.tokens import Doc

_KEY = "kg"


class Found(NamedTuple):
    """A mention as one component sees it: where, of what type, how sure (0..1), who says so, and under which name.

    ``name`` is the canonical name where the component knows it, else "". A component that weighs types and roles
    gives the share of each (in the order of ``schema.CONCEPTS`` and ``schema.ROLES``) and how likely it is a name; its
    ``by`` is the variant whose weights decide what is kept. A mention without shares is a hint to that component.
    """

    start: int
    end: int
    type: str
    score: float
    by: str
    name: str = ""
    shares: tuple[float, ...] = ()
    roles: tuple[float, ...] = ()
    named: float = 0.0


class Abbreviation(NamedTuple):
    """A long form and the short form that the text gives for it, both as offsets."""

    long_start: int
    long_end: int
    short_start: int
    short_end: int


def start_document(doc: Doc, title_end: int) -> Doc:
    """Lay out an empty carrier; ``title_end`` is the length of the title."""
    doc.user_data[_KEY] = {"title_end": title_end, "text": doc.text}
    return doc


def text(doc: Doc) -> str:
    """The text; unlike ``doc.text`` it is not put together from the tokens at each call."""
    return str(doc.user_data[_KEY]["text"])


def title_end(doc: Doc) -> int:
    """Where the title ends (the newline's offset)."""
    return int(doc.user_data[_KEY]["title_end"])


def sentences(doc: Doc) -> list[tuple[int, int]]:
    """Offsets of the sentences, in order."""
    return [(start, end) for start, end in _get(doc, "sentences")]


def set_sentences(doc: Doc, spans: list[tuple[int, int]]) -> Doc:
    """Set the sentences."""
    return _set(doc, "sentences", [list(span) for span in spans])


def abbreviations(doc: Doc) -> list[Abbreviation]:
    """Long and short forms, in order of the short form."""
    return [Abbreviation(*pair) for pair in _get(doc, "abbreviations")]


def set_abbreviations(doc: Doc, pairs: list[Abbreviation]) -> Doc:
    """Set the abbreviations."""
    return _set(doc, "abbreviations", [list(pair) for pair in pairs])


def mentions(doc: Doc) -> list[Found]:
    """What the finders have found so far, in order of finding; may overlap."""
    return [Found(*found) for found in _get(doc, "mentions")]


def add_mentions(doc: Doc, found: list[Found]) -> Doc:
    """Add mentions to those that are there."""
    return _set(doc, "mentions", _get(doc, "mentions") + [list(mention) for mention in found])


def facts(doc: Doc, kind: str) -> list[dict[str, Any]]:
    """Finished facts as plain dicts, in the shape of ``lines``: kind is "entities", "results" or "quantities"."""
    found: list[dict[str, Any]] = _get(doc, kind)
    return found


def set_facts(doc: Doc, kind: str, found: list[dict[str, Any]]) -> Doc:
    """Set finished facts."""
    return _set(doc, kind, found)


def _get(doc: Doc, key: str) -> list[Any]:
    found: list[Any] = doc.user_data[_KEY].get(key, [])
    return found


def _set(doc: Doc, key: str, value: list[Any]) -> Doc:
    doc.user_data[_KEY][key] = value
    return doc
