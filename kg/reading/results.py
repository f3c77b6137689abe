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


class _Judged(NamedTuple):
    numeral: Numeral
    kind: str
    score: float
    high: Numeral | None


def find_results(doc: Doc) -> Doc:
    """Set the results and the quantities."""
    text, title_end = document.text(doc), document.title_end(doc)
    results: list[dict[str, Any]] = []
    quantities: list[dict[str, Any]] = []
    names = Names(document.facts(doc, "entities"))
    for start, end in document.sentences(doc):
        found = numerals.find(text, start, end)
        judged = list(_judge(text, (start, end), found, title_end))
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
    table = load(WEIGHTS)
    shares = table.probabilities(reporting.signs(text, sentence, found, place, title_end))
    score = sum(shares[kind] for kind in RESULT_KINDS)
    kind = max(RESULT_KINDS, key=lambda name: shares[name])
    numeral = found[place]
    if high and not numeral.unit:
        numeral = numeral._replace(unit=high.unit)
    if score >= LEAST:
        return _Judged(numeral, kind, score, high)
    quantity = shares["quantity"]
    return _Judged(numeral, "quantity" if quantity >= LEAST_QUANTITY else "none", quantity, high)


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
