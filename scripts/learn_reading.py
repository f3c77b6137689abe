"""Learn the table of weights that tells results from other numbers from annotated abstracts.

    python -m scripts.learn_reading GOLD.jsonl

GOLD has one paper a line: id, title, abstract, results (raw, evidence, value, kind), quantities (raw, value). Writes
``kg/reading/reporting.tsv``; the papers that ``scripts.training`` sets apart are left out, so that they can judge.
The same file gives the same table, byte for byte.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from kg.reading import linear, numerals, reporting, sentences
from scripts.training import corpus

Example = tuple[list[str], str]


def number_examples(paper: dict[str, Any]) -> Iterator[Example]:
    """Every number of a paper with its signs and its class."""
    text = f"{paper['title']}\n{paper['abstract']}"
    labels = [(r["raw"], r.get("evidence") or "", abs(float(r["value"])), r["kind"]) for r in paper["results"]]
    labels += [(r["raw"], r.get("evidence") or "", abs(float(r["value_high"])), "high") for r in paper["results"]
               if r.get("value_high") is not None]  # fmt: skip
    sizes = [q for q in paper["quantities"] if isinstance(q["value"], int | float)]
    labels += [(q["raw"], "", abs(float(q["value"])), "quantity") for q in sizes]
    for start, end in sentences.split(text, len(paper["title"])):
        found = numerals.find(text, start, end)
        for place, numeral in enumerate(found):
            yield reporting.signs(text, (start, end), found, place, len(paper["title"])), _label(text, numeral, labels)


def _label(text: str, numeral: numerals.Numeral, labels: list[tuple[str, str, float, str]]) -> str:
    value = abs(float(numeral.value))
    for raw, evidence, wanted, kind in labels:
        if abs(value - wanted) > 1e-6 * wanted:
            continue
        for phrase in (raw, evidence):
            start = text.find(phrase) if phrase else -1
            while start >= 0:
                if start <= numeral.start < start + len(phrase):
                    return kind
                start = text.find(phrase, start + 1)
    return "none"


def learn(examples: list[Example], classes: list[str], *, least: int, decay: float, steps: int = 300) -> dict[str, Any]:
    """Multinomial logistic regression by Adam over all examples at once, from zero; features seen ``least`` times."""
    counts = Counter(feature for features, _ in examples for feature in set(features))
    names = sorted(feature for feature, count in counts.items() if count >= least)
    column = {feature: n for n, feature in enumerate(names)}
    rows, columns = [], []
    for n, (features, _) in enumerate(examples):
        for feature in set(features) & column.keys():
            rows.append(n)
            columns.append(column[feature])
    order = np.argsort(np.array(columns), kind="stable")
    x = _Sparse(np.array(rows), np.array(columns), order, len(examples), len(names))
    target = np.zeros((len(examples), len(classes)))
    target[np.arange(len(examples)), [classes.index(label) for _, label in examples]] = 1
    weights = _descend(x, target, decay, steps)
    return {name: weights[n] for n, name in enumerate(names)}


class _Sparse:
    """A matrix of zeros and ones by its places."""

    def __init__(self, rows: Any, columns: Any, order: Any, height: int, width: int) -> None:
        by_row = np.argsort(rows, kind="stable")
        self.columns_by_row, self.row_starts = columns[by_row], _starts(rows[by_row], height)
        self.rows_by_column, self.column_starts = rows[order], _starts(columns[order], width)
        self.width = width

    def times(self, weights: Any) -> Any:
        return np.add.reduceat(weights[self.columns_by_row], self.row_starts)

    def transposed_times(self, errors: Any) -> Any:
        return np.add.reduceat(errors[self.rows_by_column], self.column_starts)


def _starts(places: Any, count: int) -> Any:
    return np.searchsorted(places, np.arange(count))


def _descend(x: _Sparse, target: Any, decay: float, steps: int) -> Any:
    weights = np.zeros((x.width, target.shape[1]))
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        scores = x.times(weights)
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        gradient = x.transposed_times(shares - target) + decay * weights
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        rate = 0.05 * min(1.0, 3 * (1 - step / (steps + 1)))
        weights -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights


def write(name: str, classes: list[str], weights: dict[str, Any]) -> None:
    """One line a feature; features whose weights round to nothing are left out. The table is replaced whole."""
    rows = ["\t".join(["feature", *classes])]
    for feature, row in sorted(weights.items()):
        rounded = [round(float(weight), 2) + 0.0 for weight in row]
        if max(map(abs, rounded)) >= 0.1:
            rows.append("\t".join([feature, *(f"{weight:g}" for weight in rounded)]))
    file = linear.FOLDER / f"{name}.tsv"
    unfinished = file.with_suffix(".new")
    unfinished.write_text("\n".join(rows) + "\n", encoding="utf-8")
    unfinished.replace(file)


NUMBER_CLASSES = ["none", "quantity", "absolute", "delta", "ratio", "statistic", "high"]


def main(arguments: list[str]) -> None:
    (gold,) = arguments
    papers = [json.loads(line) for line in Path(gold).read_text(encoding="utf-8").splitlines() if line]
    apart = set(corpus.set_apart())
    examples = [example for paper in papers if paper["id"] not in apart for example in number_examples(paper)]
    write("reporting", NUMBER_CLASSES, learn(examples, NUMBER_CLASSES, least=3, decay=4.0))


if __name__ == "__main__":
    main(sys.argv[1:])
