"""Learn the tables of weights of kg/reading from annotated abstracts.

    python scripts/learn_reading.py GOLD.jsonl [reporting | naming | roles ...]
    python scripts/learn_reading.py --hold-out GOLD.jsonl

With ``--hold-out`` it learns from four fifths of the papers (by a hash of their titles), reads the other fifth with
what it learned, prints the scores and changes nothing.

GOLD has one paper a line: title, abstract, entities (type, mentions), results (raw, evidence, value, kind), quantities
(raw, value). Writes ``kg/reading/reporting.tsv`` (what a number is), ``naming.tsv`` (what a phrase names) and
``roles.tsv`` (what a paper does with it) beside it.
The same file gives the same tables, byte for byte.
"""

import hashlib
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from kg.evaluate import evaluate
from kg.identity import fold_name
from kg.reading import (
    Reader,
    document,
    entities,
    linear,
    lines,
    naming,
    numerals,
    phrases,
    reporting,
    roles,
    sentences,
    shapes,
)
from kg.reading.tagging import Tagger
from kg.schema import CONCEPTS, ROLES

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


CLOSE = 0.6  # the share of words in common from which a phrase counts as the annotated one


def phrase_examples(papers: list[dict[str, Any]]) -> Iterator[list[Example]]:
    """Every candidate phrase of each paper with its signs and its class."""
    tagger = Tagger()
    docs = [document.start_document(tagger.tokens(f"{p['title']}\n{p['abstract']}"), len(p["title"])) for p in papers]
    for paper, doc in zip(papers, tagger.tag(docs, batch_size=32), strict=True):
        wanted = [(set(fold_name(form).split()), entity["type"]) for entity in paper["entities"]
                  for form in (entity["name"], *entity["mentions"])]  # fmt: skip
        examples = []
        for spans in (list(phrases.candidates(doc)), list(shapes.candidates(doc.text))):
            counts = Counter(fold_name(doc.text[start:end]) for start, end in spans)
            for span in spans:
                extra = phrases.place_signs(doc.text, span, counts, len(paper["title"]))
                label = _named(set(fold_name(doc.text[slice(*span)]).split()), wanted)
                examples.append((naming.signs(doc.text, span, extra), label))
        yield examples


def _named(words: set[str], wanted: list[tuple[set[str], str]]) -> str:
    best, label = 0.0, naming.NOTHING
    for other, type_ in wanted:
        share = len(words & other) / max(1, len(words | other))
        if share > best:
            best, label = share, type_
    return label if best >= CLOSE else naming.NOTHING


def role_examples(papers: list[dict[str, Any]]) -> Iterator[Example]:
    """Every annotated entity with the signs at its occurrences and its role."""
    tagger = Tagger()
    for paper in papers:
        text, title_end = f"{paper['title']}\n{paper['abstract']}", len(paper["title"])
        doc = document.start_document(tagger.tokens(text), title_end)
        known = roles.Roles(sentences.find_sentences(doc))
        for entity in paper["entities"]:
            found = {span for form in entity["mentions"] for span in entities.occurrences(text, form)}
            if found:
                yield known.signs(sorted(found), entity["type"]), entity["role"]


PHRASE_CLASSES = [naming.NOTHING, *CONCEPTS]
NUMBER_CLASSES = ["none", "quantity", "absolute", "delta", "ratio", "statistic", "high"]


TABLES = ("reporting", "naming", "roles")


def main(arguments: list[str]) -> None:
    held_out = "--hold-out" in arguments
    gold, *tables = [argument for argument in arguments if argument != "--hold-out"]
    papers = [json.loads(line) for line in Path(gold).read_text(encoding="utf-8").splitlines() if line]
    if held_out:
        print(scores_held_out(papers))
    else:
        learn_tables(papers, tables or TABLES)


def learn_tables(papers: list[dict[str, Any]], tables: Iterable[str] = TABLES) -> None:
    """Write these tables into ``linear.FOLDER``."""
    if "reporting" in tables:
        examples = [example for paper in papers for example in number_examples(paper)]
        write("reporting", NUMBER_CLASSES, learn(examples, NUMBER_CLASSES, least=3, decay=4.0))
    if "naming" in tables:
        examples = [example for group in phrase_examples(papers) for example in group]
        write("naming", PHRASE_CLASSES, learn(examples, PHRASE_CLASSES, least=8, decay=6.0))
    if "roles" in tables:
        examples = list(role_examples(papers))
        write("roles", list(ROLES), learn(examples, list(ROLES), least=4, decay=6.0))


def scores_held_out(papers: list[dict[str, Any]]) -> str:
    """The scores on the fifth that nothing was learned from."""
    held = [paper for paper in papers if _fifth(paper)]
    with tempfile.TemporaryDirectory() as folder:
        linear.FOLDER = Path(folder)
        learn_tables([paper for paper in papers if not _fifth(paper)])
        with Reader() as reader:
            readings = list(reader.read((paper["title"], paper["abstract"]) for paper in held))
    found = [paper | lines.to_json(reading) for paper, reading in zip(held, readings, strict=True)]
    return evaluate(held, found).table()


def _fifth(paper: dict[str, Any]) -> bool:
    return int(hashlib.sha256(paper["title"].encode()).hexdigest()[:8], 16) % 5 == 0


if __name__ == "__main__":
    main(sys.argv[1:])
