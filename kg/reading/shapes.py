"""Names by their shape alone: "ImageNet-1K", "Qwen2-7B-Instruct", "CamelCase", "mBART", "GPT-4"."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from spacy.tokens import Doc

from kg.identity import fold_name
from kg.reading import document, naming
from kg.reading.document import Found
from kg.reading.phrases import place_signs

LEAST = 0.3
_TOKEN = re.compile(r"(?<![\w/.@\\^{$])[^\W\d_](?:[\w+]|[.\-/'](?=[^\W_])){1,40}(?![\w\\])")
_CASED = re.compile(r"[A-Z].*[A-Z]|[a-z][A-Z]|[A-Za-z]-?\d|\d[A-Za-z]")
_ADDRESS = re.compile(r"://|^\W*www\.|@|\.(?:com|org|io|edu|net|ai)\b")


def find_shapes(doc: Doc) -> Doc:
    """Add the words whose shape makes them names, where the table of ``naming`` agrees."""
    text, title_end = document.text(doc), document.title_end(doc)
    spans = list(candidates(text))
    counts = Counter(fold_name(text[start:end]) for start, end in spans)
    found = []
    for span in spans:
        type_, score = naming.decide(text, span, place_signs(text, span, counts, title_end))
        if score >= LEAST:
            found.append(Found(*span, type_, round(score, 4), "shapes"))
    return document.add_mentions(doc, found)


def candidates(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of words with inner capitals or digits, outside addresses."""
    addresses = [match.span() for match in re.finditer(r"\S+", text) if _ADDRESS.search(match[0])]
    for match in _TOKEN.finditer(text):
        if _CASED.search(match[0]) and not _inside(addresses, match.start()):
            yield match.span()


def _inside(spans: list[tuple[int, int]], offset: int) -> bool:
    place = bisect_right(spans, offset, key=lambda span: span[0]) - 1
    return place >= 0 and offset < spans[place][1]
