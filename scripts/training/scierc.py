"""The same recipe on SciERC, for comparison with published systems. Nothing of it ships: the corpus has no licence.

    python -m scripts.training.scierc --data DATA --encoders ENCODERS --work WORK [--stage scierc]

Trains on the 350 training abstracts and scores the 50 of the development split as published systems are scored: a
mention counts where type and both bounds are right. Bounds are resampled over papers (2,000 draws) for the interval.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import click
import numpy as np

from kg.reading.spotting import best_spans
from scripts.training import examples, fit
from scripts.training.__main__ import FOLDER, RECIPE
from scripts.training.corpus import Paper, Thing
from scripts.training.network import Network

TYPES = ("Task", "Method", "Metric", "Material", "OtherScientificTerm", "Generic")
Spans = set[tuple[int, int, str]]


def read(path: Path) -> list[Paper]:
    """The papers of a split."""
    papers = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        things = [Thing(entity["type"], [], "used", True) for entity in record["entities"]]
        spans = [(entity["start"], entity["end"], place) for place, entity in enumerate(record["entities"])]
        papers.append(Paper(record["id"], record["text"], 0, things, spans))
    return papers


def spans_of(paper: Paper, tags: np.ndarray) -> Spans:
    """What the labels of the words say, as offsets with types."""
    words = paper.words()
    found = set()
    for first, last in best_spans(tags, eagerness=0.0):
        each = (tags[first:last, 1::2] + tags[first:last, 2::2]).sum(0)
        found.add((words[first][0], words[last - 1][1], TYPES[int(each.argmax())]))
    return found


def counts(papers: list[Paper], found: list[Spans]) -> np.ndarray:
    """Right, found and wanted of each paper: int (papers, 3)."""
    rows = []
    for paper, spans in zip(papers, found, strict=True):
        wanted = {(start, end, paper.things[place].type) for start, end, place in paper.spans}
        rows.append((len(wanted & spans), len(spans), len(wanted)))
    return np.array(rows)


def f1(rows: np.ndarray) -> float:
    """Micro F1."""
    right, found, wanted = rows.sum(0)
    return float(2 * right / (found + wanted))


@click.command()
@click.option("--data", type=FOLDER, envvar="PAPERKG_DATA", required=True)
@click.option("--encoders", type=FOLDER, required=True)
@click.option("--work", type=FOLDER, required=True)
@click.option("--stage", default="scierc")
@click.option("--recipe", type=click.Path(path_type=Path), default=RECIPE)
def main(data: Path, encoders: Path, work: Path, stage: str, recipe: Path) -> None:
    """Train on SciERC and print the score on its development split."""
    table = tomllib.loads(recipe.read_text(encoding="utf-8"))
    settings: dict[str, Any] = {**table[stage], "loss": {"tags": 1.0}}
    fit.seed(settings["seed"])
    tokenizer = examples.load_tokenizer(encoders / settings["encoder"])
    network = Network.pretrained(encoders / settings["encoder"], settings, {"tags": 1 + 2 * len(TYPES)})
    train = examples.make(read(data / "scierc" / "train.jsonl"), tokenizer, types=TYPES)
    network = fit.fit(network, train, settings, work / stage)
    papers = read(data / "scierc" / "dev.jsonl")
    found = fit.predict(network, examples.make(papers, tokenizer, types=TYPES))
    rows = counts(papers, [spans_of(paper, heads["tags"]) for paper, heads in zip(papers, found, strict=True)])
    chance = np.random.default_rng(0)
    drawn = sorted(f1(rows[chance.integers(0, len(rows), len(rows))]) for _ in range(2000))
    click.echo(json.dumps({"f1": round(f1(rows), 4), "low": round(drawn[50], 4), "high": round(drawn[1949], 4)}))


if __name__ == "__main__":
    main()
