"""What a paper does with a thing: it proposes it, uses it, compares with it, or only mentions it."""

import re
from bisect import bisect_right

from spacy.tokens import Doc

from kg.reading import document
from kg.schema import ROLES

_OURS = (
    r"(?:we|this\s+(?:paper|work|article|study|thesis|report|note)|(?:the|our)\s+(?:paper|work|authors?)|i|here\s+we)"
)
_PROPOSED = re.compile(
    rf"\b{_OURS}\s+(?:\w+\s+){{0,3}}?(?:propose|introduce|present|develop|design|devise|describe|create|construct|build|release|"
    rf"formulate|contribute|establish|unveil|offer|derive|define|curate)s?\b"
    rf"|\b(?:is|are)\s+(?:proposed|introduced|presented|developed)\b"
    rf"|\bour\s+(?:proposed|new|novel)?\s?$"
    rf"|\b(?:called|named|dubbed|termed|coined|namely|denoted)\b"
    rf"|\b(?:proposed|novel|new)\s*$",
    re.IGNORECASE,
)
_NAMED_AFTER = re.compile(
    r"^\s*(?:,|:|\(\w+\)[,:]?)?\s*(?:is\s+)?(?:an?|the\s+first|our)\s+(?:new|novel|first|simple|unified|efficient)",
    re.I,
)
_COMPARED = re.compile(
    r"\b(?:compar(?:ed|ing|ison|isons|e|es)\s+(?:\w+\s+){0,2}?(?:to|with|against|between)|outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|"
    r"exceed(?:s|ed|ing)?|than|versus|vs\.?|over|baselines?(?:\s+such\s+as)?|unlike|beat(?:s|ing)?|relative\s+to|"
    r"superior\s+to|competitive\s+with|comparable\s+to|on\s+par\s+with|instead\s+of|rather\s+than)\s+(?:[\w-]+[\s,]+){0,6}$",
    re.IGNORECASE,
)
_BASELINE = re.compile(r"^\s*(?:baselines?|counterparts?)\b", re.IGNORECASE)
_MENTIONED = re.compile(
    r"\b(?:(?:prior|previous|existing|earlier|recent)\s+(?:\w+\s+){0,3}?(?:such\s+as|like|including)|"
    r"in\s+contrast\s+to|inspired\s+by|similar\s+to|motivated\s+by|future\s+work)\s+(?:[\w-]+[\s,]+){0,4}$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[;:]\s|,\s(?:which|that|where|and\s+(?:we|then|show|demonstrate))\b|\b(?:based\s+on|using|by|for|to|on|with|from|via|through|that|which)\s",
    re.I,
)
REACH = 90  # characters between "we propose" and what is proposed


class Roles:
    """The signs of one text, sentence by sentence."""

    def __init__(self, doc: Doc) -> None:
        self._text, self._title_end = document.text(doc), document.title_end(doc)
        self._sentences = document.sentences(doc) or [(0, len(self._text))]
        self._starts = [start for start, _ in self._sentences]

    def of(self, spans: list[tuple[int, int]]) -> str:
        """The strongest role that a sign at any of the mentions gives; "used" where there is none."""
        signs = {self._sign(*span) for span in spans} - {""}
        return min(signs, key=ROLES.index) if signs else "used"

    def _sign(self, start: int, end: int) -> str:
        sentence = self._sentences[max(0, bisect_right(self._starts, start) - 1)]
        return _sign(self._text, sentence, start, end, self._title_end)


def _sign(text: str, sentence: tuple[int, int], start: int, end: int, title_end: int) -> str:
    before = text[max(sentence[0], start - 160) : start]
    after = text[end : min(sentence[1], end + 60)]
    if start < title_end:
        return "proposed" if start == sentence[0] and after.startswith(":") else ""
    if _is_proposed(before) or _NAMED_AFTER.match(after):
        return "proposed"
    if _COMPARED.search(before) or _BASELINE.match(after):
        return "compared"
    return "mentioned" if _MENTIONED.search(before) else ""


def _is_proposed(before: str) -> bool:
    signs = list(_PROPOSED.finditer(before))
    if not signs:
        return False
    between = before[signs[-1].end() :]
    return len(between) <= REACH and not _CLAUSE.search(between)
