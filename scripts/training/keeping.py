"""Weights for what is kept: logistic regression on the papers set apart, judged by cross-validation.

The network has not seen these papers, so its probabilities there are as they will be on new texts. Every figure comes
from weights that were learned on the other four fifths of them.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from spacy.tokens import Doc

from kg.evaluate import Scores, closeness, evaluate, fold
from kg.reading import document, entities, pipeline
from kg.reading.words import make_doc
from scripts.training.corpus import Paper

FOLDS = 5
RIDGE = 1.0
CUTS = [n / 100 for n in range(40, 66, 2)]

NEARLY = 0.001  # of the sum of two F1

Things = dict[str, entities.Thing]


class Candidates(NamedTuple):
    """What the network offers for some papers: one row of signs for each thing, and whether it is wanted."""

    docs: list[tuple[Doc, Things]]
    columns: list[str]
    rows: np.ndarray  # float (things, columns)
    wanted: np.ndarray  # 0 or 1 (things,)
    papers: np.ndarray  # place of each thing's paper

    def judged(self, confidences: np.ndarray) -> None:
        """Give each thing this confidence."""
        things = (thing for _, found in self.docs for thing in found.values())
        for thing, confidence in zip(things, confidences, strict=True):
            thing.confidence = thing.at_least(float(confidence))


def gold_of(paper: Paper) -> list[dict[str, Any]]:
    """The annotated entities as an evaluation wants them; the forms are those that stand in the text."""
    forms: list[list[str]] = [[] for _ in paper.things]
    for start, end, thing in [*paper.spans, *paper.inside]:
        forms[thing].append(paper.text[start:end])
    return [
        {"type": t.type, "alt_types": t.alternatives, "role": t.role, "named": t.named, "name": f[0], "mentions": f}
        for t, f in zip(paper.things, forms, strict=True)
        if f
    ]


def candidates(papers: list[Paper], gold: list[list[dict[str, Any]]], variant: str) -> Candidates:
    """Read ``papers`` with a variant of the network up to the point where it is decided what is kept."""
    docs = [(doc, entities.things(doc)) for doc in _docs(papers, variant)]
    found = [(place, thing) for place, (_, things) in enumerate(docs) for thing in things.values()]
    columns = list(found[0][1].signs)
    wanted = [is_wanted({"type": t.type, "forms": list(t.forms)}, gold[place]) for place, t in found]
    rows = np.array([[thing.signs[name] for name in columns] for _, thing in found])
    return Candidates(docs, columns, rows, np.array(wanted, dtype=float), np.array([place for place, _ in found]))


def _docs(papers: list[Paper], variant: str) -> Iterator[Doc]:
    steps = pipeline.steps(variant, until="entities")
    for paper in papers:
        doc = document.start_document(make_doc(paper.text), paper.title_end)
        for step in steps:
            doc = step(doc)
        yield doc


def scores(found: Candidates, gold: list[list[dict[str, Any]]], least: float) -> Scores:
    """How the things of at least this confidence agree with the annotation."""
    kept = [document.facts(entities.set_entities(doc, things, least), "entities") for doc, things in found.docs]
    return compare(gold, kept)


def compare(gold: list[list[dict[str, Any]]], kept: list[list[dict[str, Any]]]) -> Scores:
    """How entities agree with the annotated ones, both a list a paper, in the same order."""

    def papers(lists: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
        return [{"id": str(n), "title": "", "entities": each, "results": []} for n, each in enumerate(lists)]

    return evaluate(papers(gold), papers(kept))


def best_cut(found: Candidates, gold: list[list[dict[str, Any]]]) -> float:
    """The lowest cut-off whose sum of relaxed and strict F1 is nearly the highest.

    What is unsure can be left out later by its confidence; what is left out here cannot be had.
    """

    def worth(least: float) -> float:
        table = scores(found, gold, least).scores
        return table["relaxed all"].f1 + table["strict all"].f1

    sums = {cut: worth(cut) for cut in CUTS}
    return min(cut for cut, total in sums.items() if total >= max(sums.values()) - NEARLY)


def is_wanted(entity: dict[str, Any], gold: Sequence[dict[str, Any]]) -> bool:
    """Whether an annotated entity of this type has a form that shares half of its words with one of these forms."""
    forms = {fold(form) for form in entity["forms"]} - {()}
    for wanted in gold:
        if entity["type"] in {wanted["type"], *wanted.get("alt_types", [])}:
            others = {fold(form) for form in [wanted["name"], *wanted["mentions"]]} - {()}
            if any(closeness(one, other) >= 0.5 for one in forms for other in others):
                return True
    return False


def learn(rows: np.ndarray, wanted: np.ndarray, ridge: float = RIDGE, steps: int = 30) -> np.ndarray:
    """Weights (columns,) of a logistic regression of ``wanted`` (rows,) on ``rows`` (rows, columns), by Newton."""
    weights = np.zeros(rows.shape[1])
    for _ in range(steps):
        share = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (share - wanted) + ridge * weights
        bend = (rows * (share * (1 - share))[:, None]).T @ rows + ridge * np.eye(rows.shape[1])
        weights -= np.linalg.solve(bend, slope)
    return weights


def crossed(rows: np.ndarray, wanted: np.ndarray, papers: np.ndarray) -> np.ndarray:
    """Probability of each row by weights learned without its paper's fold; ``papers`` numbers the rows' papers."""
    found = np.zeros(len(rows))
    for fold_number in range(FOLDS):
        apart = papers % FOLDS == fold_number
        weights = learn(rows[~apart], wanted[~apart])
        found[apart] = 1 / (1 + np.exp(-rows[apart] @ weights))
    return found


def calibration(probabilities: np.ndarray, wanted: np.ndarray, bins: int = 10) -> list[tuple[float, float, int]]:
    """Mean probability, share that was wanted and number, for each tenth of the scale."""
    place = np.minimum((probabilities * bins).astype(int), bins - 1)
    return [(float(probabilities[place == n].mean()), float(wanted[place == n].mean()), int((place == n).sum()))
            for n in range(bins) if (place == n).any()]  # fmt: skip
