"""Numbers to results and quantities: ``reporting`` says which they are, ``attachments`` what they are about."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from spacy.tokens import Doc

from kg.reading import document, numerals, reporting
from kg.reading.attachments import Names, Scene, attach
from kg.reading.linear import load
from kg.reading.numerals import Numeral
from kg.schema import RESULT_KINDS

WEIGHTS = "reporting"
LEAST = 0.42  # probability from which a number is a result
LEAST_QUANTITY = 0.5
LONGEST_EVIDENCE = 2000  # characters
_NOUN_AFTER = re.compile(
    r"[\s~$]*[-+]?\s?((?:[^\W\d_][\w-]*)(?:\s[^\W\d_][\w-]*){0,3}?)(?=\s+(?:of|from|in|on|with|and|for|to|across|that|as|at|by|is|are|was|were|or|per)\b|\W*[.,;:()\[\]$]|$)"
)
_OUT_OF = re.compile(r"\s+out\s+of\s+\d+(?:\.\d+)?")
_NAMED_POINTS = re.compile(r"(\w+)\s+points?$")
_RANGING = re.compile(
    r"\b(?:between|rang(?:es?|ed|ing)\s+from|rang(?:es?|ed|ing)\s+between|varies\s+from|vary(?:ing)?\s+from)[\s${~]*$",
    re.I,
)
_FROM = re.compile(r"\bfrom[\s${~]*$", re.I)


_EQUALS = re.compile(r"[=<>~\u2248(\[][\s${]*$")
_CHANGE = re.compile(
    r"\s+(?!points?\b)(?:(?:relative|absolute)\s+)?(?:(?!(?:of|in|on|with|and|for|to|at|by|than|is|are|was|which|that|after|under"
    r"|over|compared|the|an?)\b)[\w@/-]+\s+){0,5}?(?:\([^()]{1,20}\)\s*)?(?:improvements?|reductions?|gains?|increases?|decreases?"
    r"|drops?|boosts?|declines?)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\s*(?:,|,?\s*(?:and|or)\b|&)\s*(?:(?:by|about)\s+)?[$~]?\s*", re.IGNORECASE)


class _Judged(NamedTuple):
    """A number with the share of each class, and the kind that the words beside it leave no doubt of, else ""."""

    numeral: Numeral
    shares: dict[str, float]
    stated: str
    high: Numeral | None

    @property
    def score(self) -> float:
        return sum(self.shares[kind] for kind in RESULT_KINDS)

    @property
    def kind(self) -> str:
        if self.score >= LEAST:
            return self.stated or max(RESULT_KINDS, key=lambda name: self.shares[name])
        return "quantity" if self.shares["quantity"] >= LEAST_QUANTITY else "none"


def find_results(doc: Doc) -> Doc:
    """Set the results and the quantities."""
    text, title_end = document.text(doc), document.title_end(doc)
    results: list[dict[str, Any]] = []
    quantities: list[dict[str, Any]] = []
    names = Names(document.facts(doc, "entities"))
    for start, end in document.sentences(doc):
        found = numerals.find(text, start, end)
        judged = _alike(text, list(_judge(text, (start, end), found, title_end)))
        shown = [j for j in judged if j.kind in RESULT_KINDS]
        scene = Scene(text, start, end, names, tuple(j.numeral for j in shown))
        results += [_result(scene, place, j) for place, j in enumerate(shown)]
        quantities += [_quantity(text, j.numeral, end) for j in judged if j.kind == "quantity"]
    document.set_facts(doc, "quantities", quantities)
    return document.set_facts(doc, "results", results)


def _judge(text: str, sentence: tuple[int, int], found: list[Numeral], title_end: int) -> Iterator[_Judged]:
    """What each number is; the end of a range goes with its beginning."""
    place = 0
    while place < len(found):
        high = _high(text, found, place)
        judged = _decide(text, sentence, found, place, title_end, high)
        place += 2 if high else 1
        yield judged


def _decide(
    text: str, sentence: tuple[int, int], found: list[Numeral], place: int, title_end: int, high: Numeral | None
) -> _Judged:
    shares = load(WEIGHTS).probabilities(reporting.signs(text, sentence, found, place, title_end))
    numeral = found[place]
    if high and not numeral.unit:
        numeral = numeral._replace(unit=high.unit)
    return _Judged(numeral, shares, _stated_kind(text, numeral, sentence[1]), high)


def _stated_kind(text: str, numeral: Numeral, end: int) -> str:
    """ "+1.72" and "a 19.8% relative reduction" are changes, whatever the rest looks like; a multiple is a ratio."""
    if numeral.unit == "x":
        return ""
    signed = text[numeral.start] == "+" and not _EQUALS.search(text[max(0, numeral.start - 4) : numeral.start])
    return "delta" if signed or _CHANGE.match(text, numeral.unit_end, min(end, numeral.unit_end + 90)) else ""


def _alike(text: str, judged: list[_Judged]) -> list[_Judged]:
    """The same numbers, those of one list ("31.84%, and 40.36%") as one kind with one unit."""
    alike: list[_Judged] = []
    for group in _lists(text, judged):
        units = {j.numeral.unit for j in group} - {""}
        if len(group) == 1 or len(units) > 1:
            alike += group
            continue
        shares = {name: sum(j.shares[name] for j in group) / len(group) for name in group[0].shares}
        stated = next((j.stated for j in group if j.stated), "")
        unit = next(iter(units), "")
        alike += [j._replace(numeral=j.numeral._replace(unit=unit), shares=shares, stated=stated) for j in group]
    return alike


def _lists(text: str, judged: list[_Judged]) -> Iterator[list[_Judged]]:
    """Runs of numbers with nothing but commas and "and" between them."""
    group: list[_Judged] = []
    for one in judged:
        if group and not _together(text, group[-1].numeral, one.numeral):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _together(text: str, one: Numeral, other: Numeral) -> bool:
    """Whether two numbers stand in one list, or say from what to what a thing has changed."""
    if _LISTED.fullmatch(text, one.unit_end, other.start):
        return True
    changed = _FROM.search(text, max(0, one.start - 12), one.start) and one.unit != "x"
    return bool(changed) and numerals.range_joint(text, one, other).casefold() == "to"


def _high(text: str, found: list[Numeral], place: int) -> Numeral | None:
    """The number that ends the range which begins at ``place``; a change "from A to B" is none."""
    if place + 1 == len(found):
        return None
    first, second = found[place], found[place + 1]
    joint = numerals.range_joint(text, first, second).casefold()
    if not joint or second.value <= first.value or (first.unit and second.unit and first.unit != second.unit):
        return None
    before = text[max(0, first.start - 24) : first.start]
    ranging = _RANGING.search(before) is not None
    if joint == "and":
        return second if re.search(r"between[\s${~]*$", before, re.I) else None
    if joint == "to" and not ranging and _FROM.search(before):
        return None
    return second


def _result(scene: Scene, place: int, judged: _Judged) -> dict[str, Any]:
    numeral = judged.numeral
    about = attach(scene, place, judged.kind)
    unit, unit_end = _unit(scene, numeral)
    end = max(
        unit_end, about.end, judged.high.unit_end if judged.high else 0, numeral.interval_end if numeral.interval else 0
    )
    start, end = min(about.start, numeral.start), min(end, scene.end)
    return {
        "metric": about.metric,
        "value_text": str(numeral.value),
        "unit": unit,
        "kind": judged.kind,
        "comparator": numeral.comparator,
        "value_high_text": str(judged.high.value) if judged.high else None,
        "ci_text": [str(bound) for bound in numeral.interval] if numeral.interval else None,
        "dataset": about.dataset,
        "subject": about.subject,
        "baseline": about.baseline,
        "raw": scene.text[start:end],
        "start": start,
        "end": end,
        "value_start": numeral.start,
        "value_end": numeral.end,
        "evidence": scene.text[slice(*_evidence(scene, start, end))],
        "confidence": _confidence(judged.score),
    }


def _evidence(scene: Scene, start: int, end: int) -> tuple[int, int]:
    """The sentence; of one that is longer than any sentence of prose, the part around the result."""
    if scene.end - scene.start <= LONGEST_EVIDENCE:
        return scene.start, scene.end
    margin = LONGEST_EVIDENCE // 4
    return max(scene.start, start - margin), min(scene.end, end + margin)


def _unit(scene: Scene, numeral: Numeral) -> tuple[str, int]:
    out_of = _OUT_OF.match(scene.text, numeral.end, scene.end)
    if out_of:
        return out_of[0].strip(), out_of.end()
    if numeral.unit == "points":
        word = _NAMED_POINTS.search(scene.text[numeral.end : numeral.unit_end])
        named = word is not None and word[1].casefold() not in ("percentage", "percent", "absolute", "cent", "about")
        return (word[0] if word and named else "points"), numeral.unit_end
    return numeral.unit, numeral.unit_end


def _quantity(text: str, numeral: Numeral, end: int) -> dict[str, Any]:
    noun = _NOUN_AFTER.match(text, numeral.unit_end, min(end, numeral.unit_end + 60))
    stop = noun.end(1) if noun else max(numeral.end, numeral.unit_end)
    written = text[numeral.start : numeral.end]
    unit = numeral.unit or (noun[1] if noun else "parameters" if written[-1:] in "BM" else "")
    value: Decimal = numeral.value
    return {
        "value_text": str(value),
        "unit": unit,
        "raw": text[numeral.start : stop],
        "start": numeral.start,
        "end": stop,
    }


def _confidence(score: float) -> float:
    return max(0.0001, min(1.0, round(score, 4)))
