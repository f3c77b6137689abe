"""Which numbers report an outcome, which describe a size, and which do neither: what is looked at to decide.

The weights of these signs are in ``reporting.tsv``.
"""

import re
from collections.abc import Iterator

from kg.reading.numerals import Numeral, range_joint

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*|\\?[%$]|\\[a-z]+|[^\w\s]")
_BEFORE, _AFTER = 80, 60  # characters looked at on either side
_BAG = 9  # tokens a side


def signs(text: str, sentence: tuple[int, int], numerals: list[Numeral], place: int, title_end: int) -> list[str]:
    """The features of ``numerals[place]``, which stands in ``sentence``; ``numerals`` are all of that sentence."""
    numeral = numerals[place]
    before = _tokens(text[max(sentence[0], numeral.start - _BEFORE) : numeral.start])[::-1]
    after = _tokens(text[max(numeral.end, numeral.unit_end) : min(sentence[1], numeral.unit_end + _AFTER)])
    return [
        "always",
        *_shape(text, numeral),
        *_words("<", before, numeral.unit),
        *_words(">", after, numeral.unit),
        *_neighbours(text, numerals, place),
        "in:title" if numeral.start < title_end else "in:abstract",
    ]


def _shape(text: str, numeral: Numeral) -> Iterator[str]:
    written = text[numeral.start : numeral.end]
    digits = written.lstrip("+-\u2212\u2013").replace(",", "")
    whole, _, decimals = digits.partition(".")
    form = "word" if not digits[:1].isdigit() and whole else f"d{min(len(decimals), 4)}" if decimals else "int"
    unit = numeral.unit if numeral.unit in ("", "%", "points", "x") else "measure"
    yield f"unit:{unit}"
    yield f"form:{form}"
    yield f"unit+form:{unit}:{form}"
    yield f"size:{unit}:{min(max(numeral.value.adjusted(), -4), 7) if numeral.value else 'zero'}"
    if unit == "measure":
        yield f"measure:{numeral.unit}"
    if form == "int" and not unit and len(whole) == 4 and whole[:2] in ("19", "20"):
        yield "year"
    if written[:1] in "+-\u2212":
        yield f"sign:{written[:1]}"
    if written[-1].isalpha() and form != "word":
        yield f"multiplier:{written[-1]}"
    yield f"comparator:{numeral.comparator}"
    if numeral.interval:
        yield "interval"


def _words(side: str, tokens: list[str], unit: str) -> Iterator[str]:
    kind = unit if unit in ("%", "x") else "n"
    for distance, token in enumerate(tokens[:3], 1):
        yield f"{side}{distance}:{token}"
    if tokens:
        yield f"{side}1{kind}:{tokens[0]}"
    if len(tokens) > 1:
        yield f"{side}12:{tokens[0]} {tokens[1]}"
    for token in dict.fromkeys(tokens[:_BAG]):
        yield f"{side}{side}:{token}"


def _neighbours(text: str, numerals: list[Numeral], place: int) -> Iterator[str]:
    if place:
        previous = numerals[place - 1]
        joint = range_joint(text, previous, numerals[place])
        yield f"after:{previous.unit if previous.unit in ('', '%', 'x', 'points') else 'measure'}:{joint}"
    if place + 1 < len(numerals):
        following = numerals[place + 1]
        joint = range_joint(text, numerals[place], following)
        yield f"before:{following.unit if following.unit in ('', '%', 'x', 'points') else 'measure'}:{joint}"


def _tokens(text: str) -> list[str]:
    return ["#" if token[0].isdigit() else token.casefold() for token in _TOKEN.findall(text)]
