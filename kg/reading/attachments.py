"""What a number is about: its measure, the data it was measured on, what was measured, and against what.

Everything is decided inside the sentence first, then by what the paper names nearest before it.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from kg.identity import fold_name
from kg.names import name_index
from kg.reading import measures
from kg.reading.numerals import Numeral

_FILLER = (
    r"(?:(?:relative|absolute|average|overall|mean|median|maximum|total|further|additional|more|significant|respective|about|up"
    r"|to|of|the|an?|in|on|for|its|both|their|higher|lower|better|best|test|new|reported|improved|top)\s+)*"
)
_NOUN = r"(?P<noun>[\w$\\@%.'/-]+(?:[ -][\w$\\@.'/-]+){0,4}?)"
_CHANGE = (
    r"(?:improvements?|increases?|gains?|reductions?|decreases?|drops?|declines?|boosts?|savings?|enhancements?|rise|uplift"
    r"|advantage|degradation|growth|gap)"
)
_STOP = (
    r"(?=\s+(?:on|over|compared|for|than|when|while|with|and|by|across|relative|in|at|from|versus|against|of|as|to|without"
    r"|between|under|during|using|via|is|was|are|were)\b|\s*[,.;:()\[\]]|$)"
)
_AFTER_CHANGE = re.compile(
    rf"\s*[-\s](?:\w+\s+){{0,2}}?{_CHANGE}\s+(?:in|of|on)\s+(?:the\s+|its\s+|average\s+|overall\s+)*{_NOUN}{_STOP}",
    re.I,
)
_AFTER_DEGREE = re.compile(
    rf"\s*(?P<degree>fewer|less|more|lower|higher|faster|slower|smaller|larger|better|greater|cheaper|shorter|longer)\s+(?!than\b){_NOUN}{_STOP}",
    re.I,
)
_AFTER_FASTER = re.compile(
    r"\s*(?:\w+\s+)?(?P<degree>efficient|accurate|faster|slower|speed-?ups?|cheaper|smaller|larger|longer|shorter|acceleration)\b",
    re.I,
)
_AFTER_NOUN = re.compile(rf"\s+(?!(?:on|for)\b){_FILLER}{_NOUN}{_STOP}", re.I)
_BEFORE_BY = re.compile(
    rf"\b(?:reduc|improv|increas|decreas|boost|lower|cut|enhanc|rais|accelerat|shorten|dropp?|declin|degrad|speed)(?:e|es|ed|ing|s|ting|ping|ping\s+up|\s+up|ring)?\s+"
    rf"(?:the\s+|its\s+|their\s+|our\s+|average\s+|overall\s+|both\s+)*{_NOUN}\s+(?:\([^)]*\)\s*)?(?:by|to|from|of)\s+{_FILLER}$",
    re.I,
)
_BEFORE_PASSIVE = re.compile(
    rf"(?:^|[\s(,;])(?:the\s+|its\s+|their\s+|our\s+|average\s+|overall\s+|while\s+|and\s+)*{_NOUN}\s+(?:\([^)]*\)\s*)?"
    rf"(?:(?:is|are|was|were|has\s+been|have\s+been|can\s+be)\s+(?:\w+ly\s+)?(?:improved|reduced|increased|decreased|raised"
    rf"|lowered|boosted|cut|enhanced|shortened)|(?:rises?|rose|drops?|dropped|falls?|fell|increases?|decreases?|declines?"
    rf"|improves?))\s+(?:\w+ly\s+)?(?:by|to|from)\s+{_FILLER}$",
    re.I,
)
_BEFORE_OF = re.compile(
    rf"(?:^|[\s(]){_NOUN}\s+(?:\([^)]*\)\s*)?(?:of|is|was|:|=|reached|reaches|reaching|at)\s+{_FILLER}$", re.I
)
_OF_GAP = re.compile(
    r"\W*(?:\([^)]*\)\s*)?(?:(?:scores?|values?|rates?|of|to|by|from|is|was|at|up|about|around|over|above|the|an?|reach\w*"
    r"|exceed\w*|below|under|nearly|as|high|low|only|between|and|than|more|less)\b\W*)*",
    re.IGNORECASE,
)
_DEGREES = {
    "faster": "speed", "slower": "speed", "speedup": "speedup", "speedups": "speedup", "speed-up": "speedup",
    "speed-ups": "speedup", "acceleration": "speedup", "cheaper": "cost", "smaller": "size", "larger": "size",
    "efficient": "efficiency", "accurate": "accuracy", "longer": "length", "shorter": "length",
}  # fmt: skip
_SYMBOLS = (
    (re.compile(r"(?:^|[\s($])[pP](?:\s?-?\s?values?)?\s?(?:\\?[<>=≤≥]|\\leq?|\\geq?|of|is|was)[\s$]*$"), "p-value"),
    (re.compile(r"(?:^|[\s($])r\s?[<>=≈~]\s*$"), "correlation"),
    (re.compile(r"(?:\\rho|ρ)\s?\$?\s?=\s*\$?$"), "correlation"),
    (re.compile(r"(?:^|[\s($])R\s?\^?\{?2\}?\$?\s?[=:]\s*\$?$"), "coefficient of determination"),
    (re.compile(r"\bOR\s?[=:]?\s*$"), "odds ratio"),
    (re.compile(r"\bHR\s?[=:]?\s*$"), "hazard ratio"),
    (re.compile(r"\bBF\w*\s?[=:]\s*$"), "Bayes factor"),
    (re.compile(r"\bd\s?=\s*$"), "effect size"),
    (re.compile(r"\bP\s?r?\s?=\s*$"), "probability"),
)
_EMPTY_NOUNS = frozenset(
    """
    up it them this that we which and or the a an by to of from as well results result value values score
    scores only just respectively its their improvement gain increase reduction average baseline baselines
    improvements gains increases reductions rise drop decrease variation compared relative over than improved
    higher lower better more less fewer faster
    """.split()  # noqa: SIM905
)
_SHARED = re.compile(r"[^\w]*(?:\w{1,6}\W+)?(?:and|to|or|,|/|\()\W*(?:from|by|up\s+to|about)?\W*", re.IGNORECASE)
_LISTED = re.compile(r"\s*(?:,|,?\s*(?:and|or)\b|/|&)\s*(?:(?:by|up\s+to|about)\s+)?[$+~]?\s*", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b", re.IGNORECASE)
_PLACED = re.compile(
    r"\b(?:on|of|across|over|in|from|for|and)\s+(?:(?:the|all|both|an?|\d+)\s+)?$|,\s*$", re.IGNORECASE
)
EARLIER = 800  # characters before a sentence in which its data may be named
_GAINS = re.compile(r"\b(?:outperform|surpass|improv|gain|exceed|better|superior|beat|advantage)\w*\b", re.IGNORECASE)
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
_DATA_PHRASE = re.compile(
    r"\b(?:on|across|over|using)\s+(?:(?:the|an?|our|both|all)\s+)*(?P<phrase>(?:[\w./-]+\s){1,5}?(?:benchmarks?|datasets?|"
    r"data\s?sets?|tasks?|corpus|corpora|test\s+sets?|workloads?|data|images|scenarios|environments|applications))\b",
    re.IGNORECASE,
)
_OWN = re.compile(r"\b(?:our|we|proposed|this|it|its)\b", re.IGNORECASE)


_BESIDE = re.compile(
    r"\s((?=[\w@-]*[A-Z][\w@-]*[A-Z]|[a-z]+@\d)[\w@-]+)(?=\s+(?:and|on|for|in|with|over)\b|\s*[,.;()])"
)
_TO = re.compile(r"\bto\s+(?:about\s+|around\s+)?$", re.IGNORECASE)  # a value of performance has another measure
_HELD = re.compile(r"\b(?:at|under)\s+$", re.IGNORECASE)
_HELD_NOUN = re.compile(
    r"\s+(?P<noun>(?:\w+\s)?(?:sparsity|noise|dropout|confidence|compression|pruning|occlusion|masking|missingness"
    r"|utilization|bandwidth|load|coverage|selectivity|overlap|power|contamination|label\s+noise))\b",
    re.IGNORECASE,
)
_COORDINATED = re.compile(
    r"(?:\s*\([^()]{1,30}\))?\s*(?:,\s*(?:and\s+|or\s+)?|\band\s+|\bor\s+|&\s*|/)(?:(?:the|an?|on|in|for|of|with)\s+)*",
    re.IGNORECASE,
)
REACH = 500  # characters from a number to what it may be about
LONGEST_LIST = 8  # numbers that share one measure
LOOK_BACK = 200  # mentions


class Named(NamedTuple):
    """A mention in a text with its entity's type, name and role, and the words that stand there."""

    start: int
    end: int
    type: str
    name: str
    role: str
    text: str


class Names:
    """All mentions of a paper's entities, in order."""

    def __init__(self, entities: list[dict[str, Any]]) -> None:
        self._all = sorted(
            Named(m["start"], m["end"], e["type"], e["name"], e["role"], m["text"])
            for e in entities
            for m in e["mentions"]
        )
        self._all = [named for named in self._all if named.type != "Metric" or measures.clean(named.name)]
        self._starts = [named.start for named in self._all]
        things = [named for named in self._all if named.type in ("Model", "Method")]
        self.proposed = _commonest([named for named in things if named.role == "proposed"])
        self.first_metric = next((named.name for named in self._all if named.type == "Metric"), None)
        self.first_dataset = next((named.text for named in self._all if named.type == "Dataset"), None)
        self.first = next((named.text for named in things), None)

    def between(self, start: int, end: int) -> list[Named]:
        """The mentions that start in ``[start, end)``."""
        return self._all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def last_before(self, offset: int, type_: str) -> Named | None:
        """The nearest mention of a type that starts before ``offset``."""
        place = bisect_left(self._starts, offset)
        return next((n for n in reversed(self._all[max(0, place - LOOK_BACK) : place]) if n.type == type_), None)


def _commonest(named: list[Named]) -> str | None:
    """The form in which the first of these things is named most often; of equals the last, which is the short one."""
    forms = Counter(n.text for n in named if n.name == named[0].name)
    return max(forms, key=lambda form: (forms[form], list(forms).index(form))) if forms else None


class Scene(NamedTuple):
    """A sentence with the names of its paper and the numbers in it that are results."""

    text: str
    start: int
    end: int
    names: Names
    numerals: tuple[Numeral, ...]

    def around(self, numeral: Numeral) -> tuple[int, int]:
        """The part of the sentence that is not further than ``REACH`` from the number."""
        return max(self.start, numeral.start - REACH), min(self.end, numeral.end + REACH)

    def of(self, numeral: Numeral, *types: str) -> list[Named]:
        """The mentions of these types in that part, in order."""
        return [named for named in self.names.between(*self.around(numeral)) if named.type in types]


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
    in_turn = _in_turn(scene, place, "Model", "Method")
    subject = in_turn.text if in_turn else _subject(scene, numeral, baseline)
    return Attached(metric, _dataset(scene, place), subject, baseline, start, end)


def _metric(scene: Scene, place: int) -> tuple[str | None, int, int]:
    """The measure of a number, with the bounds of number and measure where they stand together."""
    numeral = scene.numerals[place]
    bare = (numeral.start, numeral.unit_end)
    stated = _stated(scene, place)
    if stated:
        return stated[0], min(stated[1], bare[0]), max(stated[2], bare[1])
    for other in _sharing(scene, place):
        stated = _stated(scene, other)
        if stated:
            return stated[0], *bare
    return _metric_near(scene, numeral) or _implied(scene, numeral), *bare


def _stated(scene: Scene, place: int) -> tuple[str, int, int] | None:
    """A measure that stands right beside the number."""
    numeral = scene.numerals[place]
    symbol = _symbol(scene, numeral)
    if symbol:
        return symbol, numeral.start, numeral.end
    named = _in_turn(scene, place, "Metric")
    if named:
        return named.name, numeral.start, numeral.unit_end
    return _condition(scene, numeral) or _metric_beside(scene, numeral) or _metric_phrase(scene, place)


def _condition(scene: Scene, numeral: Numeral) -> tuple[str, int, int] | None:
    """What was held fixed: at "80% sparsity" the accuracy is another number."""
    if not _HELD.search(scene.text, max(scene.start, numeral.start - 8), numeral.start):
        return None
    noun = _HELD_NOUN.match(scene.text, numeral.unit_end, scene.end)
    known = noun and [named for named in scene.names.between(*noun.span("noun")) if named.type == "Metric"]
    return (noun["noun"], numeral.start, noun.end()) if noun and not known else None


def _sharing(scene: Scene, place: int) -> Iterator[int]:
    """The numbers before this one in its list ("1.3, 2.4 and 3.5"), nearest first."""
    for earlier in range(place - 1, max(-1, place - LONGEST_LIST), -1):
        if not _SHARED.fullmatch(scene.text, scene.numerals[earlier].end, scene.numerals[earlier + 1].start):
            return
        yield earlier


def _list_of(scene: Scene, place: int) -> tuple[int, int]:
    """The first number of the list in which this one stands, and the one after its last."""
    first, last = place, place + 1
    while first and place - first < LONGEST_LIST and _joined(scene, first - 1):
        first -= 1
    while last < len(scene.numerals) and last - place < LONGEST_LIST and _joined(scene, last - 1):
        last += 1
    return first, last


def _joined(scene: Scene, place: int) -> bool:
    """Whether a number and the one after it stand in one list."""
    one, other = scene.numerals[place : place + 2]
    return _LISTED.fullmatch(scene.text, one.unit_end, other.start) is not None


def _in_turn(scene: Scene, place: int, *types: str) -> Named | None:
    """What stands in a list of as many things at the place that the number has in its list, "respectively"."""
    first, last = _list_of(scene, place)
    if last - first < 2 or not _RESPECTIVELY.search(scene.text, scene.start, scene.end):
        return None
    start, end = scene.numerals[first].start, scene.numerals[last - 1].end
    runs = [run for run in _runs(scene, types) if len(run) == last - first]
    runs = [run for run in runs if run[-1].end <= start or run[0].start >= end]
    if not runs:
        return None
    nearest = min(runs, key=lambda run: min(abs(start - run[-1].end), abs(run[0].start - end)))
    return nearest[place - first]


def _runs(scene: Scene, types: tuple[str, ...]) -> list[list[Named]]:
    """The mentions of these types as the lists in which they stand: "A, B and C"."""
    runs: list[list[Named]] = []
    for named in scene.of(scene.numerals[0], *types):
        if runs and _COORDINATED.fullmatch(scene.text, runs[-1][-1].end, named.start):
            runs[-1].append(named)
        else:
            runs.append([named])
    return runs


def _implied(scene: Scene, numeral: Numeral) -> str | None:
    """What "outperforms X by 5%" speaks of where no measure is named."""
    return "performance" if _GAINS.search(scene.text, *scene.around(numeral)) else None


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
        near = 0 <= numeral.start - named.end < 45
        if near and _OF_GAP.fullmatch(scene.text[named.end : numeral.start]):
            return named.name, named.start, named.end
    return None


def _metric_phrase(scene: Scene, place: int) -> tuple[str, int, int] | None:
    """A measure that stands as a phrase in one of the usual constructions around the number."""
    numeral = scene.numerals[place]
    after = scene.text[numeral.unit_end : min(scene.end, numeral.unit_end + 90)]
    before = scene.text[max(scene.start, numeral.start - 100) : numeral.start]
    for pattern in (_AFTER_CHANGE, _AFTER_DEGREE):
        match = pattern.match(after)
        name = _canonical(scene, numeral, match["noun"]) if match else None
        if match and name:
            return name, numeral.start, numeral.unit_end + match.end("noun")
    for pattern in (_BEFORE_BY, _BEFORE_PASSIVE):
        match = pattern.search(before)
        name = _canonical(scene, numeral, match["noun"]) if match else None
        if match and name and not (name == "performance" and _TO.search(before)):
            return name, numeral.start - len(before) + match.start("noun"), numeral.unit_end
    match = _AFTER_FASTER.match(after)
    if match:
        return _DEGREES[match["degree"].lower()], numeral.start, numeral.unit_end + match.end()
    return None


def _metric_near(scene: Scene, numeral: Numeral) -> str | None:
    """The nearest measure: in the sentence before the number, after it, then in earlier sentences."""
    metrics = scene.of(numeral, "Metric")
    beside = _BESIDE.match(scene.text, numeral.unit_end, scene.end)
    name = _canonical(scene, numeral, beside[1]) if beside else None
    if name:
        return name
    before = [named.name for named in metrics if named.end <= numeral.start]
    after = [named.name for named in metrics if named.start >= numeral.end]
    phrase = _BEFORE_OF.search(scene.text[max(scene.start, numeral.start - 70) : numeral.start])
    if before:
        return before[-1]
    name = _canonical(scene, numeral, phrase["noun"]) if phrase and " " in phrase["noun"] else None
    if name:
        return name
    noun = _AFTER_NOUN.match(scene.text, numeral.unit_end, min(scene.end, numeral.unit_end + 60))
    name = _canonical(scene, numeral, noun["noun"]) if noun and len(noun["noun"]) > 3 and not after else None
    if name:
        return name
    if after:
        return after[0]
    earlier = scene.names.last_before(scene.start, "Metric")
    return earlier.name if earlier else scene.names.first_metric


def _canonical(scene: Scene, numeral: Numeral, phrase: str) -> str | None:
    """The name of a measure: its entity's, the list's, else the phrase itself; None where the phrase is no name."""
    name = measures.clean(phrase)
    if name is None or set(name.casefold().split()) <= _EMPTY_NOUNS or name.casefold().split()[-1] in _EMPTY_NOUNS:
        return None
    folded = fold_name(name)
    for named in scene.names.between(*scene.around(numeral)):
        if named.type in ("Metric", "Dataset", "Model") and fold_name(named.text) == folded:
            return named.name if named.type == "Metric" else None
    listed = [entry for entry in name_index().get(folded, ()) if entry.type == "Metric"]
    return listed[0].name if listed else name


def _dataset(scene: Scene, place: int) -> str | None:
    numeral = scene.numerals[place]
    datasets = scene.of(numeral, "Dataset")
    named = _dataset_named(scene, place, datasets)
    if named:
        return named.text
    phrases = list(_DATA_PHRASE.finditer(scene.text, *scene.around(numeral)))
    if phrases:
        return min(phrases, key=lambda match: abs(match.start() - numeral.end))["phrase"]
    earlier = [n for n in scene.names.between(max(0, scene.start - EARLIER), scene.start) if n.type == "Dataset"]
    return _placed(scene, earlier)[-1].text if earlier else scene.names.first_dataset


def _placed(scene: Scene, datasets: list[Named]) -> list[Named]:
    """Those on which something is done ("on ARC, using LLM summaries"), or all where none is."""
    found = [named for named in datasets if _PLACED.search(scene.text, max(0, named.start - 40), named.start)]
    return found or datasets


def _dataset_named(scene: Scene, place: int, datasets: list[Named]) -> Named | None:
    """The data that the sentence names for the number: in its place of a list, after it, before it."""
    if len(datasets) == len(scene.numerals) and _RESPECTIVELY.search(scene.text, scene.start, scene.end):
        return datasets[place]
    in_turn = _in_turn(scene, place, "Dataset")
    if in_turn:
        return in_turn
    numeral = scene.numerals[place]
    following = scene.numerals[place + 1].start if place + 1 < len(scene.numerals) else scene.end
    placed = _placed(scene, datasets)
    after = [named for named in placed if numeral.end <= named.start]
    before = [named for named in placed if named.end <= numeral.start]
    if after and after[0].start < following:
        return after[0]
    return before[-1] if before else after[0] if after else None


def _subject(scene: Scene, numeral: Numeral, baseline: str | None) -> str | None:
    before = [n for n in scene.of(numeral, "Model", "Method") if n.end <= numeral.start and n.text != baseline]
    proposed = [named.text for named in before if named.role == "proposed"]
    if proposed:
        return proposed[-1]
    if before and not _OWN.search(scene.text[scene.around(numeral)[0] : numeral.start]):
        return before[0].text
    return scene.names.proposed or (before[0].text if before else scene.names.first)


def _baseline(scene: Scene, numeral: Numeral) -> str | None:
    matches = list(_COMPARING.finditer(scene.text, *scene.around(numeral)))
    after = [match for match in matches if match.start() >= numeral.end]
    before = [match for match in matches if match.end() <= numeral.start]
    for match in [*after, *reversed(before)]:
        offset = match.end()
        for named in scene.of(numeral, "Model", "Method"):
            if offset <= named.start <= offset + 30 and not re.search(r"[,;]|\d", scene.text[offset : named.start]):
                return named.text
        phrase = _COMPARED_PHRASE.match(scene.text, offset, min(scene.end, offset + 80))
        if phrase:
            return phrase["phrase"]
    return None
