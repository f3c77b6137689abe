"""A teacher's probabilities for many papers, by its exported (int8) form: four times as fast on a CPU as in torch."""

import os
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from kg.reading import network
from scripts.training import examples
from scripts.training.corpus import Paper
from scripts.training.examples import Example, Taught

_session: Any = None
_table: Any = None


def teach(folder: Path, papers: list[Paper]) -> Taught:
    """Probabilities (words, classes), float16, by paper and head; ``folder`` holds the exported network."""
    tokenizer = examples.load_tokenizer(folder)
    made = examples.make([Paper(p.id, p.text, p.title_end) for p in papers], tokenizer)
    with get_context("spawn").Pool(os.cpu_count(), _open, (folder,)) as pool:
        found = pool.map(_read, made, chunksize=16)
    taught: Taught = {}
    for example, heads in zip(made, found, strict=True):
        known = taught.setdefault(papers[example.paper].id, {})
        for head, rows in heads.items():
            known[head] = np.concatenate([known[head], rows]) if head in known else rows
    return taught


def _open(folder: Path) -> None:
    global _session, _table
    _session = network.open_session(str(folder / "default.onnx"))
    with np.load(folder / "embeddings.npz") as found:
        _table = found["vectors"] * found["scales"]


def _read(example: Example) -> dict[str, np.ndarray]:
    names = [output.name for output in _session.get_outputs()]
    firsts = example.firsts[None].astype(np.int64)
    found = _session.run(names, {"vectors": _table[example.pieces][None], "firsts": firsts})
    return {name: network.softmax(logits[0]).astype(np.float16) for name, logits in zip(names, found, strict=True)}


def save(taught: Taught, path: Path) -> None:
    """Write as .npz, one array a paper and head."""
    np.savez_compressed(
        path, **{f"{id_}|{head}": rows for id_, heads in taught.items() for head, rows in heads.items()}
    )


def load(path: Path) -> Taught:
    """Read what ``save`` wrote."""
    taught: Taught = {}
    with np.load(path) as found:
        for key in found.files:
            id_, head = key.rsplit("|", 1)
            taught.setdefault(id_, {})[head] = found[key]
    return taught


def mean(several: list[tuple[float, Taught]]) -> Taught:
    """The weighted mean of teachers, whose weights add up to one."""
    first = several[0][1]
    for _, taught in several:
        if taught.keys() != first.keys():
            raise SystemExit("the teachers have read different texts: run `teach` again for each, with this recipe")
    return {id_: {head: sum(weight * taught[id_][head].astype(np.float32) for weight, taught in several)
                  for head in heads} for id_, heads in first.items()}  # fmt: skip
