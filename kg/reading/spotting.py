"""Mentions by the trained network: the likeliest bounds for each text, and how likely each type, role and name is.

The network gives one row a word; here the rows become spans. A span is taken even where "nothing" is somewhat likelier,
since whether a thing is kept is decided later, from all its mentions.
"""

import math
import operator
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import numpy as np
from spacy.tokens import Doc

from kg.errors import EngineError
from kg.reading import document, measures
from kg.reading.bounds import Span, tidy
from kg.reading.document import Abbreviation, Found
from kg.reading.network import Floats, Heads, Network, card
from kg.reading.words import Words, occurrences, split_words
from kg.schema import CONCEPTS, ROLES

TYPES = tuple(CONCEPTS)
HEADS = {"tags": ["O", *(f"{bound}-{name}" for name in TYPES for bound in "BI")], "roles": list(ROLES)}
EAGERNESS = 0.5  # added to the log odds of a word's belonging to a mention
LEAST = 0.05  # probability of the bounds under which a span is not worth a look
_FLOOR = 1e-6


class Spotter:
    """The step that finds mentions. Raises ``EngineError`` where the network's labels are not those of this version."""

    def __init__(self, variant: str = "default") -> None:
        self._variant = variant
        self._network = _network(variant)
        if any(card()["heads"].get(head) != labels for head, labels in HEADS.items()):
            raise EngineError("the network's labels are not those of this version: install paperkg again")

    def __call__(self, doc: Doc) -> Doc:
        """Add what the network finds."""
        text = document.text(doc)
        words = split_words(text)
        return weigh(doc, words, self._network.read(text, words), self._variant) if words else doc


@cache
def _network(variant: str) -> Network:
    """One a process, however many readers it makes: loading takes as long as reading some papers."""
    return Network(variant)


def weigh(doc: Doc, words: Words, heads: Heads, by: str) -> Doc:
    """Add the spans that ``heads`` speak for, and what they say of every other place where the same words stand.

    What other steps have found is weighed too. None of the spans that are added overlap, but with those of other steps.
    A part of what the labels say, where it was trimmed or split, is as likely as the whole was.
    """
    text, judge = document.text(doc), _Judge(words, heads, by)
    title_end = document.title_end(doc)
    runs = [(run, tidy(text, words, run, title_end)) for run in best_spans(heads["tags"])]
    found = [judge.mention(*part)._replace(score=judge.bounds(*run)) for run, parts in runs for part in parts]
    found = [_without_change(text, mention) for mention in found]
    found = [mention for mention in found if mention.score >= LEAST]
    known = {(mention.start, mention.end) for mention in found}
    again = dict.fromkeys((other.start, other.end) for other in document.mentions(doc))
    again |= dict.fromkeys(_elsewhere(text, known))
    for start, end in again:
        first, last = (bisect_left(words, offset, key=lambda word: word[0]) for offset in (start, end))
        if (start, end) not in known and first < last:
            found.append(judge.mention(first, last)._replace(start=start, end=end))
    return document.add_mentions(_explain(doc, words, [part for _, parts in runs for part in pairwise(parts)]), found)


def _explain(doc: Doc, words: Words, pairs: list[tuple[Span, Span]]) -> Doc:
    """Add as abbreviations what the network took for one mention though it is two forms of a thing: "kurtosis (K)"."""
    text, found = document.text(doc), set(document.abbreviations(doc))
    for (first, last), (short_first, short_last) in pairs:
        if text[words[short_first - 1][0]] != "(":
            continue  # the end of the title and the beginning of the abstract
        found.add(Abbreviation(words[first][0], words[last - 1][1], words[short_first][0], words[short_last - 1][1]))
    return document.set_abbreviations(doc, sorted(found, key=lambda pair: (pair.short_start, pair.long_start)))


def _without_change(text: str, mention: Found) -> Found:
    """ "accuracy improvement" is a change of the accuracy, and its name is "accuracy"."""
    if mention.type != "Metric":
        return mention
    name = measures.without_change(text[mention.start : mention.end])
    return mention._replace(end=mention.start + len(name))


def _elsewhere(text: str, known: set[Span]) -> Iterator[Span]:
    """Where else the words of these spans stand, the longest first; none overlap."""
    taken = bytearray(len(text))
    for start, end in known:
        taken[start:end] = b"\1" * (end - start)
    for form in sorted({text[start:end] for start, end in known}, key=lambda form: (-len(form), form)):
        for start, end in occurrences(text, form):
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                yield start, end


class _Judge:
    """What the network makes of any run of words of one text."""

    def __init__(self, words: Words, heads: Heads, by: str) -> None:
        tags = heads["tags"]
        self._words, self._by = words, by
        self._begins = tags[:, 1::2].sum(1).tolist()
        self._inside = [*tags[:, 2::2].sum(1).tolist(), 0.0]
        self._types = np.log(np.maximum(tags[:, 1::2] + tags[:, 2::2], _FLOOR)).tolist()
        self._roles = heads["roles"].tolist()
        self._named = heads["named"][:, 1].tolist()

    def mention(self, first: int, last: int) -> Found:
        """The words ``first`` to just before ``last`` as a mention."""
        shares = self._shares(first, last)
        return Found(
            self._words[first][0],
            self._words[last - 1][1],
            TYPES[shares.index(max(shares))],
            self.bounds(first, last),
            self._by,
            shares=tuple(map(_rounded, shares)),
            roles=tuple(map(_rounded, _means(self._roles[first:last]))),
            named=_rounded(sum(self._named[first:last]) / (last - first)),
        )

    def bounds(self, first: int, last: int) -> float:
        """How likely a mention, of whatever type, begins at ``first`` and goes on to just before ``last``."""
        return _rounded(
            math.prod([self._begins[first], *self._inside[first + 1 : last], max(0.0, 1 - self._inside[last])])
        )

    def _shares(self, first: int, last: int) -> list[float]:
        """How likely each type is: the mean of the words' log probabilities, as shares of one."""
        means = _means(self._types[first:last])
        shares = [math.exp(mean - max(means)) for mean in means]
        return [share / sum(shares) for share in shares]


def _means(rows: list[list[float]]) -> list[float]:
    """The mean of each column."""
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def best_spans(tags: Floats, eagerness: float = EAGERNESS) -> list[Span]:
    """Runs of words (first, beyond last) of the likeliest sequence of labels in which each I follows its B or I.

    Viterbi's algorithm. A state is 0 (O) or the number of a type, from one; whether B or I is asked on the way back.
    """
    logs = np.log(np.maximum(tags, _FLOOR))
    logs[:, 0] -= eagerness
    top, state, scores = 0.0, 0, [-math.inf] * (logs.shape[1] // 2)
    steps = []
    for outside, begins, goes_on in zip(
        logs[:, 0].tolist(), logs[:, 1::2].tolist(), logs[:, 2::2].tolist(), strict=True
    ):
        begun = [top + log for log in begins]
        scores = list(map(max, begun, map(operator.add, scores, goes_on)))
        steps.append((state, begun, scores))
        highest = max(scores)
        outside += top
        top, state = (outside, 0) if outside >= highest else (highest, scores.index(highest) + 1)
    spans: list[Span] = []
    end = 0
    for place, (before, begun, scores) in reversed(list(enumerate(steps))):
        if state and not end:
            end = place + 1
        if not state:
            state = before
        elif begun[state - 1] == scores[state - 1]:
            spans.append((place, end))
            state, end = before, 0
    return spans[::-1]


def _rounded(share: float) -> float:
    """Four digits: more than that the network does not know (see docs/model.md on other processors)."""
    return round(share, 4)
