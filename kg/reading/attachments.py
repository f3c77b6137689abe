"""What a number is about: its measure, the data it was measured on, what was measured, and against what.

Everything is decided inside the sentence first, then by what the paper names nearest before it.
"""

import re
from bisect import bisect_left
from typing import Any, NamedTuple

from kg.identity import fold_name
from kg.names import name_index
from kg.reading.numerals import Numeral

_FILLER = (
    r"(?:(?:relative|absolute|average|overall|mean|median|maximum|total|further|additional|more|significant|respective|about|up"
    r"|to|of|the|an?|in|on|for|its|both|their|higher|lower|better|best|test|new|reported|improved|top)\s+)*"
)
_NOUN = r"(?P<noun>[\w$\\@%.'/-]+(?:[ -][\w$\\@.'/-]+){0,4}?)"
_CHANGE = r"(?:improvements?|increases?|gains?|reductions?|decreases?|drops?|declines?|boosts?|savings?|enhancements?|rise|uplift|advantage|degradation|growth|gap)"
_STOP = r"(?=\s+(?:on|over|compared|for|than|when|while|with|and|by|across|relative|in|at|from|versus|against|of|as|to|without|between|under|during|using|via|is|was|are|were)\b|\s*[,.;:()\[\]]|$)"
_AFTER_CHANGE = re.compile(
    rf"\s*[-\s](?:\w+\s+){{0,2}}?{_CHANGE}\s+(?:in|of|on)\s+(?:the\s+|its\s+|average\s+|overall\s+)*{_NOUN}{_STOP}",
    re.I,
)
_AFTER_DEGREE = re.compile(
    rf"\s*(?P<degree>fewer|less|more|lower|higher|faster|slower|smaller|larger|better|greater|cheaper|shorter|longer)\s+(?!than\b){_NOUN}{_STOP}",
    re.I,
)
_AFTER_FASTER = re.compile(
    r"\s*(?:\w+\s+)?(?P<degree>faster|slower|speed-?ups?|cheaper|smaller|larger|longer|shorter|acceleration)\b", re.I
)
_AFTER_NOUN = re.compile(rf"\s+{_FILLER}{_NOUN}{_STOP}", re.I)
_BEFORE_BY = re.compile(
    rf"\b(?:reduc|improv|increas|decreas|boost|lower|cut|enhanc|rais|accelerat|shorten|dropp?|declin|degrad|speed)(?:e|es|ed|ing|s|ting|ping|ping\s+up|\s+up|ring)?\s+"
    rf"(?:the\s+|its\s+|their\s+|our\s+|average\s+|overall\s+|both\s+)*{_NOUN}\s+(?:\([^)]*\)\s*)?(?:by|to|from|of)\s+{_FILLER}$",
    re.I,
)
_BEFORE_OF = re.compile(
    rf"(?:^|[\s(]){_NOUN}\s+(?:\([^)]*\)\s*)?(?:of|is|was|:|=|reached|reaches|reaching|at)\s+{_FILLER}$", re.I
)
_DEGREES = {
    "faster": "speed", "slower": "speed", "speedup": "speedup", "speedups": "speedup", "speed-up": "speedup",
    "speed-ups": "speedup", "acceleration": "speedup", "cheaper": "cost", "smaller": "size", "larger": "size",
    "longer": "length", "shorter": "length",
}  # fmt: skip
_SYMBOLS = (
    (re.compile(r"(?:^|[\s($])[pP](?:\s?-?\s?values?)?\s?(?:\\?[<>=≤≥]|\\leq?|\\geq?|of|is|was)[\s$]*$"), "p-value"),
    (re.compile(r"(?:^|[\s($])r\s?[<>=≈~]\s*$"), "correlation"),
    (re.compile(r"(?:\\rho|ρ)\s?\$?\s?=\s*\$?$"), "Spearman correlation"),
    (re.compile(r"(?:^|[\s($])R\s?\^?\{?2\}?\$?\s?[=:]\s*\$?$"), "coefficient of determination"),
    (re.compile(r"\bOR\s?[=:]?\s*$"), "odds ratio"),
    (re.compile(r"\bHR\s?[=:]?\s*$"), "hazard ratio"),
    (re.compile(r"\bBF\w*\s?[=:]\s*$"), "Bayes factor"),
    (re.compile(r"\bd\s?=\s*$"), "effect size"),
    (re.compile(r"\bP\s?r?\s?=\s*$"), "probability"),
)
_EMPTY_NOUNS = frozenset(
    [
        "up",
        "it",
        "them",
        "this",
        "that",
        "we",
        "which",
        "and",
        "or",
        "the",
        "a",
        "an",
        "by",
        "to",
        "of",
        "from",
        "as",
        "well",
        "results",
        "result",
        "value",
        "values",
        "score",
        "scores",
        "only",
        "just",
        "respectively",
        "its",
        "their",
        "improvement",
        "gain",
        "increase",
        "reduction",
        "average",
        "baseline",
        "baselines",
    ]
)
_COMPARING = re.compile(
    r"\b(?:compared\s+(?:to|with)|in\s+comparison\s+(?:to|with)|relative\s+to|over|than|versus|vs\.?|against|outperform(?:s|ed|ing)?|"
    r"surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?|beat(?:s|ing)?|behind|improv(?:es|ed|ing|ement|ements)\s+(?:over|upon))\s+",
    re.IGNORECASE,
)
_COMPARED_PHRASE = re.compile(
    r"(?:(?:the|a|an|its|our|their|all|other)\s+)*(?P<phrase>(?:(?:previous|prior|existing|current|strong|best|strongest|"
    r"next-best|second-best)\s+)*(?:[\w.+/-]+\s+){0,4}?(?:baselines?|methods?|approach(?:es)?|models?|systems?|state[\s-]of[\s-]the[\s-]art(?:\s+\w+)?"
    r"|SOTA(?:\s+\w+)?|techniques?|counterparts?|algorithms?|LLMs?))\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:our|we|proposed|this|it|its)\b", re.IGNORECASE)


REACH = 500  # characters from a number to what it may be about
LOOK_BACK = 200  # mentions


class Named(NamedTuple):
    """A mention in a text with its entity's type, name and role."""

    start: int
    end: int
    type: str
    name: str
    role: str


class Names:
    """All mentions of a paper's entities, in order."""

    def __init__(self, entities: list[dict[str, Any]]) -> None:
        self._all = sorted(
            Named(m["start"], m["end"], e["type"], e["name"], e["role"]) for e in entities for m in e["mentions"]
        )
        self._starts = [named.start for named in self._all]
        things = [named for named in self._all if named.type in ("Model", "Method")]
        self.proposed = next((named.name for named in things if named.role == "proposed"), None)
        self.first = next((named.name for named in things), None)

    def between(self, start: int, end: int) -> list[Named]:
        """The mentions that start in ``[start, end)``."""
        return self._all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def last_before(self, offset: int, type_: str) -> str | None:
        """The name of the nearest mention of a type that starts before ``offset``."""
        place = bisect_left(self._starts, offset)
        return next((n.name for n in reversed(self._all[max(0, place - LOOK_BACK) : place]) if n.type == type_), None)


class Scene(NamedTuple):
    """A sentence with the names of its paper and the numbers in it that are results."""

    text: str
    start: int
    end: int
    names: Names
    numerals: tuple[Numeral, ...]

    def of(self, numeral: Numeral, *types: str) -> list[Named]:
        """The mentions of these types in the sentence, not further than ``REACH`` from the number, in order."""
        start, end = max(self.start, numeral.start - REACH), min(self.end, numeral.end + REACH)
        return [named for named in self.names.between(start, end) if named.type in types]


class Attached(NamedTuple):
    """What a number is about, and from where to where the text says so beside it."""

    metric: str | None
    dataset: str | None
    subject: str | None
    baseline: str | None
    start: int
    end: int


def attach(scene: Scene, place: int, kind: str) -> Attached:
    """What ``scene.numerals[place]`` is about; ``kind`` is one of ``schema.RESULT_KINDS``."""
    numeral = scene.numerals[place]
    metric, start, end = _metric(scene, place)
    baseline = _baseline(scene, numeral) if kind in ("delta", "ratio", "absolute") else None
    subject = _subject(scene, numeral, baseline)
    return Attached(metric, _dataset(scene, place), subject, baseline, start, end)


def _metric(scene: Scene, place: int) -> tuple[str | None, int, int]:
    numeral = scene.numerals[place]
    bare = (numeral.start, numeral.unit_end)
    symbol = _symbol(scene, numeral)
    if symbol:
        return symbol, *bare
    beside = _metric_beside(scene, numeral) or _metric_phrase(scene, place)
    if beside:
        name, start, end = beside
        return name, min(start, bare[0]), max(end, bare[1])
    return _metric_near(scene, numeral), *bare


def _symbol(scene: Scene, numeral: Numeral) -> str | None:
    before = scene.text[max(scene.start, numeral.start - 16) : numeral.start]
    return next((name for pattern, name in _SYMBOLS if pattern.search(before)), None)


def _metric_beside(scene: Scene, numeral: Numeral) -> tuple[str, int, int] | None:
    """A known measure right after the number ("93.2% accuracy") or right before it ("accuracy of 93.2%")."""
    for named in scene.of(numeral, "Metric"):
        gap = scene.text[numeral.unit_end : named.start] if named.start >= numeral.unit_end else None
        if gap is not None and re.fullmatch(rf"\s*{_FILLER}(?:\w+\s+)?", gap, re.I) and not re.search(r"\d", gap):
            return named.name, named.start, named.end
    for named in reversed(scene.of(numeral, "Metric")):
        if named.end <= numeral.start and numeral.start - named.end < 45:
            gap = scene.text[named.end : numeral.start]
            if re.fullmatch(r"\W*(?:\([^)]*\)\s*)?(?:(?:scores?|values?|rates?|of|to|by|from|is|was|at|up|about|around|over|above|the|an?|"
                            r"reach\w*|exceed\w*|below|under|nearly|as|high|low|only|between|and|than|more|less)\b\W*)*", gap, re.I):  # fmt: skip
                return named.name, named.start, named.end
    return None


def _metric_phrase(scene: Scene, place: int) -> tuple[str, int, int] | None:
    """A measure that stands as a phrase in one of the usual constructions around the number."""
    numeral = scene.numerals[place]
    after = scene.text[numeral.unit_end : min(scene.end, numeral.unit_end + 90)]
    before = scene.text[max(scene.start, numeral.start - 100) : numeral.start]
    for pattern in (_AFTER_CHANGE, _AFTER_DEGREE):
        match = pattern.match(after)
        if match and _worthy(match["noun"]):
            return _canonical(scene, match["noun"]), numeral.start, numeral.unit_end + match.end("noun")
    match = _BEFORE_BY.search(before)
    if match and _worthy(match["noun"]):
        return _canonical(scene, match["noun"]), numeral.start - len(before) + match.start("noun"), numeral.unit_end
    match = _AFTER_FASTER.match(after)
    if match:
        return _DEGREES[match["degree"].lower()], numeral.start, numeral.unit_end + match.end()
    return None


def _metric_near(scene: Scene, numeral: Numeral) -> str | None:
    """The nearest measure: in the sentence before the number, after it, then in earlier sentences."""
    metrics = scene.of(numeral, "Metric")
    before = [named.name for named in metrics if named.end <= numeral.start]
    after = [named.name for named in metrics if named.start >= numeral.end]
    phrase = _BEFORE_OF.search(scene.text[max(scene.start, numeral.start - 70) : numeral.start])
    if before:
        return before[-1]
    if phrase and _worthy(phrase["noun"]) and " " in phrase["noun"]:
        return _canonical(scene, phrase["noun"])
    noun = _AFTER_NOUN.match(scene.text, numeral.unit_end, min(scene.end, numeral.unit_end + 60))
    if noun and _worthy(noun["noun"]) and len(noun["noun"]) > 3 and not after:
        return _canonical(scene, noun["noun"])
    return after[0] if after else scene.names.last_before(scene.start, "Metric")


def _worthy(noun: str) -> bool:
    words = noun.casefold().split()
    return (
        bool(words) and words[-1] not in _EMPTY_NOUNS and any(map(str.isalpha, noun)) and not re.match(r"\d", words[0])
    )


def _canonical(scene: Scene, phrase: str) -> str:
    """The name of a measure: its entity's, the list's, else the phrase itself."""
    folded = fold_name(phrase)
    for named in scene.names.between(scene.start, scene.end):
        if named.type == "Metric" and fold_name(scene.text[named.start : named.end]) == folded:
            return named.name
    listed = [name for name in name_index().get(folded, ()) if name.type == "Metric"]
    return listed[0].name if listed else phrase.strip(" -")


def _dataset(scene: Scene, place: int) -> str | None:
    numeral = scene.numerals[place]
    datasets = scene.of(numeral, "Dataset")
    shared = _respectively(scene, place, datasets)
    if shared:
        return shared
    following = scene.numerals[place + 1].start if place + 1 < len(scene.numerals) else scene.end
    after = [named for named in datasets if numeral.end <= named.start]
    before = [named for named in datasets if named.end <= numeral.start]
    close = [named for named in after if named.start < following]
    if close:
        return close[0].name
    if before and re.search(r"\b(?:on|in|for|using|with|from|of)\b", scene.text[scene.start : before[-1].start], re.I):
        return before[-1].name
    if after or before:
        return (after or before)[0].name
    return scene.names.last_before(scene.start, "Dataset")


def _respectively(scene: Scene, place: int, named: list[Named]) -> str | None:
    """The name that stands at the number's place in "A and B are 1 and 2, respectively"."""
    if "respectively" not in scene.text[scene.start : scene.end] or len(named) != len(scene.numerals):
        return None
    return named[place].name


def _subject(scene: Scene, numeral: Numeral, baseline: str | None) -> str | None:
    before = [n for n in scene.of(numeral, "Model", "Method") if n.end <= numeral.start and n.name != baseline]
    leading = scene.text[scene.start : numeral.start]
    proposed = [named.name for named in before if named.role == "proposed"]
    if proposed:
        return proposed[-1]
    if before and not _OWN.search(leading):
        return before[0].name
    return scene.names.proposed or (before[0].name if before else scene.names.first)


def _baseline(scene: Scene, numeral: Numeral) -> str | None:
    sentence = scene.text[scene.start : scene.end]
    matches = list(_COMPARING.finditer(sentence))
    after = [m for m in matches if scene.start + m.start() >= numeral.end]
    before = [m for m in matches if scene.start + m.end() <= numeral.start]
    for match in [*after, *reversed(before)]:
        offset = scene.start + match.end()
        for named in scene.of(numeral, "Model", "Method"):
            if offset <= named.start <= offset + 30 and not re.search(r"[,;]|\d", scene.text[offset : named.start]):
                return named.name
        phrase = _COMPARED_PHRASE.match(scene.text, offset, min(scene.end, offset + 80))
        if phrase:
            return phrase["phrase"]
    return None
