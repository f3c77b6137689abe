"""Names of the list, found word by word in folded forms, so that hyphens, plurals and capitals do not hide them."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from spacy.tokens import Doc

from kg.identity import fold_name
from kg.names import Name, name_index
from kg.reading import document, naming
from kg.reading.document import Found
from kg.reading.words import ANOTHER

_WORD = re.compile(r"[^\W_]+(?:\.\d+)*s?|[+#*]+")
_GAP = re.compile(r"[\s\-\u2010-\u2015/'’_.@^:]?\s?")
_SIGNS = {
    "Task": ("task",),
    "Method": ("method", "regression", "estimator", "estimation", "approach", "analysis", "algorithm", "estimate"),
    "Model": ("model", "network", "architecture", "backbone", "encoder", "family"),
    "Dataset": ("dataset", "benchmark", "corpus", "data", "suite", "challenge", "test", "set", "task"),
    "Metric": ("score", "metric", "value", "of"),
}


class _Word(NamedTuple):
    start: int
    end: int
    folded: str


def find_listed(doc: Doc) -> Doc:
    """Add the listed names; a weak form only beside another form of the name or a word of its type."""
    text = document.text(doc)
    renamed = naming.Renamed(doc)
    hits = [hit for hit in _hits(text) if text[hit[0] : hit[1]] not in renamed]
    strong = {name.name for start, end, name in hits if text[start:end].removesuffix("s") not in name.weak}
    found = []
    for start, end, name in hits:
        weak = text[start:end] in name.weak or text[start:end].removesuffix("s") in name.weak
        if not weak or name.name in strong or _signed(text, end, name.type):
            found.append(Found(start, end, name.type, 1.0, "listed", name.name))
    return document.add_mentions(doc, found)


def _hits(text: str) -> Iterator[tuple[int, int, Name]]:
    """Where a form of a name stands, the longest at each place."""
    words = [_Word(m.start(), m.end(), _fold(m[0])) for m in _WORD.finditer(text)]
    free = 0
    for place, word in enumerate(words):
        if place < free:
            continue
        for count in _lengths().get(word.folded, ()):
            hit = _hit(text, words[place : place + count], count)
            if hit:
                yield hit
                free = place + count
                break


def _hit(text: str, words: list[_Word], count: int) -> tuple[int, int, Name] | None:
    if len(words) < count or any(not _GAP.fullmatch(text, left.end, right.start) for left, right in pairwise(words)):
        return None
    folded = " ".join(word.folded for word in words)
    if folded not in name_index():
        return None
    if ANOTHER.match(text, words[-1].end) and text[words[-1].start : words[-1].end].isupper():
        return None
    names = naming.listed(text[words[0].start : words[-1].end], folded)
    return (words[0].start, words[-1].end, names[0]) if names else None


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """How many words the forms have that begin with a word, longest first."""
    lengths: dict[str, set[int]] = {}
    for form in name_index():
        first, *rest = form.split()
        lengths.setdefault(first, set()).add(1 + len(rest))
    return {first: tuple(sorted(counts, reverse=True)) for first, counts in lengths.items()}


@lru_cache(maxsize=50_000)
def _fold(word: str) -> str:
    return fold_name(word)


def _signed(text: str, end: int, type_: str) -> bool:
    following = re.match(r"\s+(\w+)", text[end : end + 30])
    return following is not None and fold_name(following[1]) in _SIGNS[type_]
