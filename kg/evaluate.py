"""How well readings agree with annotated papers: entities as sets, strict and relaxed; roles; results.

- *strict*: same type (or one of the annotated ``alt_types``) and one form in common, after folding;
- *relaxed*: same type, and the closest two forms share at least half of their words;
- entities annotated as "mentioned" or not ``named`` are optional: finding them is no error, nor is missing them;
- roles are compared on the entities that match relaxed, ``role macro`` is the mean over the three roles;
- results: ``value`` counts where the number is right, ``+metric`` where its measure is too, ``full`` where dataset and
  subject are as well. Where the annotation says nothing, anything is right.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kg.schema import CONCEPTS

ROLES = ("proposed", "used", "compared")
MODES = {"strict": 1.0, "relaxed": 0.5}
LEVELS = ("value", "+metric", "full")
_ARTICLES = frozenset(("a", "an", "the", "our", "their", "its", "this", "these"))
_DASHES = re.compile(r"[\u2010-\u2015]")
_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")

Form = tuple[str, ...]
Line = Mapping[str, Any]


class Score(NamedTuple):
    """Precision, recall, their harmonic mean, and how many were wanted."""

    precision: float
    recall: float
    f1: float
    gold: int


@dataclass
class _Count:
    right: int = 0
    wrong: int = 0
    missed: int = 0

    def score(self) -> Score:
        found, wanted = self.right + self.wrong, self.right + self.missed
        precision = self.right / found if found else 0.0
        recall = self.right / wanted if wanted else 0.0
        both = precision + recall
        return Score(precision, recall, 2 * precision * recall / both if both else 0.0, wanted)


class Difference(NamedTuple):
    """One disagreement: the paper, what kind it is, of what, and the words for it."""

    paper: str
    kind: str
    what: str
    detail: str


@dataclass(frozen=True)
class Scores:
    """Every score by its name ("relaxed all", "role macro", "result value"), in the order of the table.

    ``papers`` counts: papers, missing papers, title right, date right, authors wanted, authors right.
    """

    papers: Mapping[str, int]
    scores: Mapping[str, Score]
    differences: tuple[Difference, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values: ``{"papers": {...}, name: [precision, recall, f1, gold]}``."""
        return {"papers": dict(self.papers), **{name: list(score) for name, score in self.scores.items()}}

    def table(self, within: Mapping[str, tuple[float, float]] | None = None) -> str:
        """The scores for people, in fixed columns; ``within`` adds an interval for each F1."""
        counts = "  ".join(f"{name}: {count}" for name, count in self.papers.items())
        rows = [f"{n:18}{s.precision:7.3f}{s.recall:7.3f}{s.f1:7.3f}{s.gold:7d}" for n, s in self.scores.items()]
        head = f"{'':18}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}"
        if within:
            head += "  F1 within (95 %)"
            rows = [f"{row}  {within[name][0]:.3f} to {within[name][1]:.3f}"
                    for row, name in zip(rows, self.scores, strict=True)]  # fmt: skip
        return "\n".join([counts, head, *rows])


def evaluate(gold: Iterable[Line], predicted: Iterable[Line]) -> Scores:
    """Compare papers joined by ``id``, else by title. A paper that was not predicted counts as an empty one."""
    tally = _Tally()
    for paper, guess in _joined(gold, predicted):
        tally.papers["papers"] += 1
        if guess is None:
            tally.papers["missing papers"] += 1
            guess = {"entities": [], "results": []}
        _compare_papers(paper, guess, tally)
    return tally.scores()


def intervals(
    gold: Iterable[Line], predicted: Iterable[Line], *, draws: int = 2000, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """Where the F1 of each score lies in 95 of 100 draws of as many papers from these, with repetition."""
    import numpy as np

    tallies = []
    for paper, guess in _joined(gold, predicted):
        tallies.append(_Tally())
        _compare_papers(paper, guess or {"entities": [], "results": []}, tallies[-1])
    names = list(_Tally().counts())
    if not tallies:
        return dict.fromkeys([*names, "role macro"], (0.0, 0.0))
    counts = np.array([[(c.right, c.wrong, c.missed) for c in t.counts().values()] for t in tallies], dtype=float)
    papers = len(tallies)
    times = np.random.default_rng(seed).multinomial(papers, [1 / papers] * papers, size=draws)
    totals = np.einsum("dp,pnc->dnc", times, counts)
    f1 = 2 * totals[..., 0] / np.maximum(2 * totals[..., 0] + totals[..., 1] + totals[..., 2], 1)
    by_name = {name: f1[:, place] for place, name in enumerate(names)}
    by_name["role macro"] = np.mean([by_name[f"role {role}"] for role in ROLES], axis=0)
    return {name: (float(low), float(high)) for name, values in by_name.items()
            for low, high in [np.quantile(values, [0.025, 0.975])]}  # fmt: skip


def _joined(gold: Iterable[Line], predicted: Iterable[Line]) -> Iterator[tuple[Line, Line | None]]:
    """Each annotated paper with what was predicted for it."""
    guesses = list(predicted)
    by_id = {guess.get("id"): guess for guess in guesses}
    by_title = {fold(guess.get("title", "")): guess for guess in guesses}
    for paper in gold:
        yield paper, by_id.get(paper["id"]) or by_title.get(fold(paper["title"]))


def fold(text: Any) -> Form:
    """The words of a name as they are compared: without case, punctuation, articles and the plural's s."""
    words = _WORD.findall(_DASHES.sub("-", str(text)).casefold())
    kept = [word for word in words if word not in _ARTICLES]
    return tuple(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in kept)


def closeness(one: Form, other: Form) -> float:
    """The share of words in common, 0 to 1; initials count as what they stand for."""
    if one == other or _initials(one, other) or _initials(other, one):
        return 1.0
    return len(set(one) & set(other)) / len(set(one) | set(other))


def _initials(short: Form, long: Form) -> bool:
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long)


def _nearness(ones: Iterable[Form], others: Sequence[Form]) -> float:
    return max((closeness(one, other) for one in ones for other in others), default=0.0)


class _Thing(NamedTuple):
    """An entity as it is compared."""

    type: str
    types: frozenset[str]
    name: Any
    role: str | None
    optional: bool
    forms: tuple[Form, ...]


def _thing(entity: Line) -> _Thing:
    texts = [entity.get("name", ""), *(m["text"] if isinstance(m, Mapping) else m for m in entity.get("mentions", []))]
    forms = dict.fromkeys(form for form in map(fold, texts) if form)
    optional = entity.get("role") == "mentioned" or entity.get("named") is False
    types = frozenset((entity["type"], *entity.get("alt_types", [])))
    return _Thing(entity["type"], types, entity.get("name"), entity.get("role"), optional, tuple(forms))


@dataclass
class _Tally:
    """All counts of one comparison."""

    papers: Counter[str] = field(default_factory=Counter)
    entities: dict[str, dict[str, _Count]] = field(
        default_factory=lambda: {mode: {type_: _Count() for type_ in CONCEPTS} for mode in MODES}
    )
    roles: dict[str, _Count] = field(default_factory=lambda: {role: _Count() for role in ROLES})
    results: dict[str, _Count] = field(default_factory=lambda: {level: _Count() for level in LEVELS})
    differences: list[Difference] = field(default_factory=list)

    def counts(self) -> dict[str, _Count]:
        """Every count by the name of its score."""
        counts: dict[str, _Count] = {}
        for mode, by_type in self.entities.items():
            counts |= {f"{mode} {type_}": count for type_, count in by_type.items()}
            counts[f"{mode} all"] = _sum(by_type.values())
        counts |= {f"role {role}": count for role, count in self.roles.items()}
        return counts | {f"result {level}": count for level, count in self.results.items()}

    def scores(self) -> Scores:
        scores = {name: count.score() for name, count in self.counts().items()}
        by_role = {role: count.score() for role, count in self.roles.items()}
        means = [sum(score[n] for score in by_role.values()) / len(ROLES) for n in range(3)]
        macro = Score(means[0], means[1], means[2], sum(score.gold for score in by_role.values()))
        results = {f"result {level}": scores.pop(f"result {level}") for level in LEVELS}
        return Scores(dict(self.papers), {**scores, "role macro": macro, **results}, tuple(self.differences))


def _sum(counts: Iterable[_Count]) -> _Count:
    total = _Count()
    for count in counts:
        total.right += count.right
        total.wrong += count.wrong
        total.missed += count.missed
    return total


def _compare_papers(paper: Line, guess: Line, tally: _Tally) -> None:
    _compare_records(paper, guess, tally)
    wanted = [_thing(entity) for entity in paper["entities"]]
    found = [_thing(entity) for entity in guess.get("entities", []) if entity.get("type") in CONCEPTS]
    for mode, least in MODES.items():
        pairs = _pair(wanted, found, least)
        if mode == "relaxed":
            _compare_roles(paper["id"], [(wanted[i], found[j]) for i, j in pairs.items()], tally)
        _count_entities(paper["id"], wanted, found, pairs, mode, tally)
    _compare_results(paper, list(guess.get("results", [])), tally)


def _compare_records(paper: Line, guess: Line, tally: _Tally) -> None:
    if paper.get("date") and guess.get("date"):
        tally.papers["date right"] += str(guess["date"])[:10] == paper["date"][:10]
    tally.papers["title right"] += fold(guess.get("title", "")) == fold(paper["title"])
    if paper.get("authors"):
        names = {fold(a["name"] if isinstance(a, Mapping) else a) for a in guess.get("authors", [])}
        tally.papers["authors wanted"] += len(paper["authors"])
        tally.papers["authors right"] += sum(fold(author) in names for author in paper["authors"])


def _pair(wanted: Sequence[_Thing], found: Sequence[_Thing], least: float) -> dict[int, int]:
    """Which wanted entity is which found one: one to one, the closest first."""
    close = [
        (nearness, i, j)
        for i, want in enumerate(wanted)
        for j, got in enumerate(found)
        if got.type in want.types and (nearness := _nearness(want.forms, got.forms)) >= least
    ]
    pairs: dict[int, int] = {}
    for _, i, j in sorted(close, reverse=True):
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


def _count_entities(
    paper: str, wanted: Sequence[_Thing], found: Sequence[_Thing], pairs: Mapping[int, int], mode: str, tally: _Tally
) -> None:
    counts = tally.entities[mode]
    note = tally.differences.append if mode == "relaxed" else _ignore
    for i, want in enumerate(wanted):
        if want.optional:
            continue
        if i in pairs:
            counts[want.type].right += 1
        else:
            counts[want.type].missed += 1
            note(Difference(paper, "missed", want.type, str(want.name)))
    for j in sorted(set(range(len(found))) - set(pairs.values())):
        got = found[j]
        # one more form of an annotated entity, or an optional one, is no error
        if not any(got.type in w.types and _nearness(w.forms, got.forms) >= MODES[mode] for w in wanted):
            counts[got.type].wrong += 1
            note(Difference(paper, "spurious", got.type, str(got.name)))


def _ignore(difference: Difference) -> None:
    """Takes no note."""


def _compare_roles(paper: str, pairs: Iterable[tuple[_Thing, _Thing]], tally: _Tally) -> None:
    for want, got in pairs:
        if want.optional or want.role not in ROLES:
            continue
        if want.role == got.role:
            tally.roles[want.role].right += 1
            continue
        tally.roles[want.role].missed += 1
        if got.role in ROLES:
            tally.roles[got.role].wrong += 1
        tally.differences.append(Difference(paper, "role", want.role, f"{want.name}: got {got.role}"))


def _compare_results(paper: Line, found: Sequence[Line], tally: _Tally) -> None:
    used: set[int] = set()
    for want in paper["results"]:
        place = _best_result(want, found, used)
        if place is None:
            for count in tally.results.values():
                count.missed += 1
            tally.differences.append(Difference(paper["id"], "missed", "Result", str(want["raw"])))
            continue
        used.add(place)
        _count_result(paper["id"], want, found[place], tally)
    sizes = {abs(float(q["value"])) for q in paper.get("quantities", []) if isinstance(q.get("value"), int | float)}
    for place, got in enumerate(found):
        if place not in used:
            for count in tally.results.values():
                count.wrong += 1
            size = got.get("value") is not None and abs(float(got["value"])) in sizes
            detail = str(got.get("raw") or got.get("value"))
            tally.differences.append(Difference(paper["id"], "a quantity" if size else "spurious", "Result", detail))


def _best_result(want: Line, found: Sequence[Line], used: set[int]) -> int | None:
    """The unused result of the same value that agrees in most; the first of equals."""
    value = abs(want["value"])
    best, place = -1, None
    for j, got in enumerate(found):
        if j in used or got.get("value") is None:
            continue
        if abs(abs(float(got["value"])) - value) <= 1e-9 + 1e-6 * value:
            agreed = sum(_agree(want, got, key) for key in ("metric", "dataset", "subject"))
            if agreed > best:
                best, place = agreed, j
    return place


def _count_result(paper: str, want: Line, got: Line, tally: _Tally) -> None:
    metric = _agree(want, got, "metric")
    full = metric and _agree(want, got, "dataset") and _agree(want, got, "subject")
    for level, right in zip(LEVELS, (True, metric, full), strict=True):
        count = tally.results[level]
        if right:
            count.right += 1
        else:
            count.missed += 1
            count.wrong += 1
    if not full:
        tally.differences.append(Difference(paper, "differs", "Result", _difference(want, got)))


def _agree(want: Line, got: Line, key: str) -> bool:
    if want.get(key) in (None, ""):
        return True
    return bool(got.get(key)) and closeness(fold(want[key]), fold(got[key])) >= MODES["relaxed"]


def _difference(want: Line, got: Line) -> str:
    def said(line: Line) -> str:
        return " / ".join(str(line.get(key)) for key in ("metric", "dataset", "subject"))

    return f"{want['raw']!r}: wanted {said(want)}, got {said(got)}"
