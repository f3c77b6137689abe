"""Abbreviations that a text explains itself: "support vector machine (SVM)" and "SVM (support vector machine)".

After A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text", 2003.
"""

import re

from spacy.tokens import Doc

from kg.reading import document
from kg.reading.document import Abbreviation

_BRACKETED = re.compile(r"(?P<before>\s?)\((?P<inside>[^()\n]{2,100})\)")
_SHORT = re.compile(r"[^\W_](?:[\w.&/+-]|\s(?=\S)){1,9}")
_SHORT_BEFORE = re.compile(r"[^\W\d_][\w./+-]{1,9}$")
_SPLIT = re.compile(r"\s*[;,]\s*")
_BREAK = re.compile(r".*(?:[.;:!?()\[\]]\s|,\s(?:and\s)?)", re.DOTALL)
LONGEST = 120  # characters before the bracket that may hold the long form


def find_abbreviations(doc: Doc) -> Doc:
    """Set the abbreviations, in order of the brackets."""
    return document.set_abbreviations(doc, find(document.text(doc)))


def find(text: str) -> list[Abbreviation]:
    """Every long form with its short form."""
    found = []
    for match in _BRACKETED.finditer(text):
        pair = _explained_before(text, match) or _explained_inside(text, match)
        if pair:
            found.append(pair)
    return found


def _explained_before(text: str, match: re.Match[str]) -> Abbreviation | None:
    short = _SPLIT.split(match["inside"])[0]
    if not _SHORT.fullmatch(short) or not any(map(str.isupper, short)) or len(short.split()) > 2:
        return None
    start = text.index(short, match.start("inside"))
    letters = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    window_start = max(0, match.start() - LONGEST)
    window = text[window_start : match.start()]
    offset = _long_start(letters, window, min(len(letters) + 5, 2 * len(letters)))
    if offset is None or not _plausible(letters, window[offset:]):
        return None
    return Abbreviation(window_start + offset, match.start(), start, start + len(short))


def _explained_inside(text: str, match: re.Match[str]) -> Abbreviation | None:
    before = _SHORT_BEFORE.search(text[max(0, match.start() - 12) : match.start()])
    inside = _SPLIT.split(match["inside"])[0]
    if not before or sum(map(str.isupper, before[0])) < 2 or " " not in inside:
        return None
    letters = before[0].rstrip("s")
    offset = _long_start(letters, inside, len(inside.split()))
    if offset != 0 or not _plausible(letters, inside):
        return None
    start = match.start("inside")
    return Abbreviation(start, start + len(inside), match.start() - len(before[0]), match.start())


def _long_start(short: str, window: str, most_words: int) -> int | None:
    """Where the long form starts, matching the short form's letters from the right; None where they do not match."""
    position = len(window) - 1
    for number, letter in reversed(list(enumerate(short))):
        if not letter.isalnum():
            continue
        wanted = letter.lower()
        while position >= 0 and not (
            window[position].lower() == wanted and (number > 0 or position == 0 or not window[position - 1].isalnum())
        ):
            position -= 1
        if position < 0:
            return None
        position -= 1
    start = position + 1
    while start and window[start - 1] == "-" and start > 1 and window[start - 2].isalnum():
        start = _word_start(window, start - 1)
    return start if len(window[start:].split()) <= most_words else None


def _word_start(window: str, end: int) -> int:
    while end and not window[end - 1].isspace():
        end -= 1
    return end


def _plausible(short: str, long: str) -> bool:
    return (
        len(long) > len(short) + 1 and not set(long) & set("{}\\\n") and not _BREAK.match(long) and long.strip() == long
    )
