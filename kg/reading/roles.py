"""What a paper does with a thing: it proposes it, uses it, compares with it, or only mentions it.

The signs are the words beside its mentions and where in the paper these stand; their weights are in ``roles.tsv``.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from spacy.tokens import Doc

from kg.reading import document, naming
from kg.reading.linear import load

WEIGHTS = "roles"
MOST_MENTIONS = 20  # that are looked at
_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+|[^\w\s]")
_BEFORE, _AFTER = 110, 60  # characters looked at on either side
_BAG = 9  # tokens a side
_PROPOSING = re.compile(
    r"\b(?:we|this\s+(?:paper|work|article|study)|our)\s+(?:\w+\s+){0,3}?(?:propose|introduce|present|develop|design|devise|"
    r"describe|create|construct|build|release|formulate|contribute|establish|derive|define)s?\b(?P<between>.*)$"
    r"|\b(?:called|named|dubbed|termed|coined|namely)\b(?P<name>\W*)$",
    re.IGNORECASE | re.DOTALL,
)
_COMPARING = re.compile(
    r"\b(?:compar(?:ed|ing|ison|isons|e|es)\s+(?:\w+\s+){0,2}?(?:to|with|against|between)|outperform(?:s|ed|ing)?|baselines?|"
    r"surpass(?:es|ed|ing)?|than|versus|vs|unlike|superior\s+to|competitive\s+with|comparable\s+to|over)\s(?P<between>[^.;]{0,70})$",
    re.IGNORECASE,
)
_LISTING = re.compile(r"\b(?:such\s+as|like|including|e\.g\.,?|notably)\s[^.;]{0,90}$", re.IGNORECASE)
_BACKGROUND = re.compile(
    r"\b(?:ha(?:s|ve)\s+(?:\w+\s+)?(?:achieved|shown|demonstrated|become|emerged|been|made|gained|attracted|explored|led"
    r"|revolutionized|proven|seen|focused|relied)|(?:prior|previous|existing|related|earlier|past)\s+(?:\w+\s+)?(?:works?"
    r"|studies|research|approaches|methods|techniques)|recent(?:ly)?|traditional(?:ly)?|widely|commonly|typically|often"
    r"|most|despite|remarkable|popular|advances)\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:we|our|us|this\s+(?:paper|work|article|study)|here)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[;:.]\s|\b(?:based|using|by|for|to|on|with|from|via|through|that|which)\s|,\s(?:an?|where)\s", re.I
)


class Roles:
    """The places of one text."""

    def __init__(self, doc: Doc) -> None:
        self._text, self._title_end = document.text(doc), document.title_end(doc)
        self._sentences = document.sentences(doc) or [(0, len(self._text))]
        self._starts = [start for start, _ in self._sentences]

    def of(self, spans: list[tuple[int, int]], type_: str) -> str:
        """The likeliest role of a thing of this type that is mentioned at ``spans``."""
        shares = load(WEIGHTS).probabilities(self.signs(spans, type_))
        return max(shares, key=lambda role: shares[role])

    def signs(self, spans: list[tuple[int, int]], type_: str) -> list[str]:
        """The features of a thing, gathered over its mentions; each once."""
        spans = spans[:MOST_MENTIONS]
        found = {"always", f"type:{type_}", f"count:{min(len(spans), 4)}"}
        for start, end in spans:
            found.update(self._at(start, end, type_))
        first = self._sentence(spans[0][0])
        found.add(f"first:{first if first < 3 else 'last' if first == len(self._sentences) - 1 else 'middle'}")
        if all(start < self._title_end for start, _ in spans):
            found.add("title only")
        phrase = self._text[slice(*spans[0])]
        found.add(f"shape:{naming.shape(phrase)}")
        found.add(f"head:{phrase.split()[-1].lower()}" if phrase.split() else "head:")
        return sorted(found)

    def _sentence(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    def _at(self, start: int, end: int, type_: str) -> Iterator[str]:
        sentence = self._sentences[self._sentence(start)]
        before_text = self._text[max(sentence[0], start - _BEFORE) : start]
        after_text = self._text[end : min(sentence[1], end + _AFTER)]
        before = [token.casefold() for token in _TOKEN.findall(before_text)][::-1]
        after = [token.casefold() for token in _TOKEN.findall(after_text)]
        if start < self._title_end:
            yield f"title:{'first' if start == 0 else 'later'}:{after_text[:1]}"
            yield f"title after:{before[0] if before else '^'}"
            return
        yield f"<1:{before[0] if before else '^'}"
        yield f"<12:{' '.join(before[:2][::-1])}"
        yield f">1:{after[0] if after else '$'}"
        yield f">12:{' '.join(after[:2])}"
        yield from (f"<<:{token}" for token in before[:_BAG])
        yield from (f">>:{token}" for token in after[:_BAG])
        yield from _cues(before_text, after, type_)
        yield from _background(self._text[slice(*sentence)], before_text)


def _cues(before: str, after: list[str], type_: str) -> Iterator[str]:
    proposing = _PROPOSING.search(before)
    if proposing:
        between = proposing["between"] or ""
        near = "near" if len(between) < 60 and not _CLAUSE.search(between) else "far"
        yield f"proposing {near}"
        yield f"proposing {near}:{type_}"
    comparing = _COMPARING.search(before)
    if comparing:
        near = "near" if not _CLAUSE.search(comparing["between"]) else "far"
        yield f"comparing {near}"
        yield f"comparing {near}:{type_}"
    if after[:2] and after[0] == "," and after[1] in ("a", "an", "the"):
        yield f"explained:{type_}"


def _background(sentence: str, before: str) -> Iterator[str]:
    """Whether the sentence tells what the authors do, or what was known before them."""
    own = "own" if _OWN.search(sentence) else "others"
    yield f"sentence:{own}"
    if _BACKGROUND.search(sentence):
        yield f"background:{own}"
    if _LISTING.search(before):
        yield f"listed:{own}"
