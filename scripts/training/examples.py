"""Papers as tensors: wordpieces, targets of each head, batches."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer

from kg.reading.network import WINDOW, windows
from scripts.training.corpus import ROLES, TYPES, Paper

Taught = dict[str, dict[str, np.ndarray]]  # probabilities (words, classes) by paper and head
ALTERNATIVE = 0.3  # share of the target that goes to the types that the annotation allows as well


@dataclass
class Example:
    """One window of a paper; targets are probabilities, weights say which words count for roles and named."""

    paper: int
    pieces: np.ndarray  # int32 (pieces,)
    firsts: np.ndarray  # int32 (words,)
    targets: dict[str, np.ndarray]  # float32 (words, classes)
    weights: dict[str, np.ndarray]  # float32 (words,)


def load_tokenizer(path: Path) -> Tokenizer:
    """A tokenizer without truncation or padding."""
    tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def make(
    papers: list[Paper],
    tokenizer: Tokenizer,
    taught: Taught | None = None,
    share: float = 0.5,
    types: tuple[str, ...] = TYPES,
    *,
    sure: bool = True,
) -> list[Example]:
    """The windows of all papers, in order; a window ends at a word.

    ``taught`` holds a teacher's probabilities by paper: they make up ``share`` of the targets; where the annotation is
    not ``sure``, all of them for what it calls mentioned or a description.
    """
    start, end = (tokenizer.token_to_id(mark) for mark in _marks(tokenizer))
    examples = []
    for number, paper in enumerate(papers):
        words = paper.words()
        pieces = _pieces(paper, tokenizer)
        targets, weights = _targets(paper, types)
        if taught is not None and paper.id not in taught:
            raise SystemExit(f"no teacher has read {paper.id}: run `teach` again, with this recipe")
        if taught is not None:
            shares = np.full((len(words), 1), share, dtype=np.float32)
            if not sure:
                optional = targets["roles"][:, ROLES.index("mentioned")] + targets["named"][:, 0]
                shares[optional > 0] = 1
            targets = {head: (1 - shares) * rows + shares * taught[paper.id][head].astype(np.float32)
                       for head, rows in targets.items()}  # fmt: skip
        for first, last in windows([len(ids) for ids in pieces], WINDOW, overlap=0):
            ids, firsts = [start], []
            for word in pieces[first:last]:
                firsts.append(len(ids))
                ids.extend(word)
            examples.append(Example(
                number, np.array([*ids, end], dtype=np.int32), np.array(firsts, dtype=np.int32),
                {head: target[first:last] for head, target in targets.items()},
                {head: weight[first:last] for head, weight in weights.items()},
            ))  # fmt: skip
    return examples


def _pieces(paper: Paper, tokenizer: Tokenizer) -> list[list[int]]:
    """The wordpieces of each word, at least one, at most a window full."""
    unknown = tokenizer.token_to_id("[UNK]")
    found = tokenizer.encode_batch([paper.text[a:b] for a, b in paper.words()], add_special_tokens=False)
    return [(encoding.ids or [unknown])[:WINDOW] for encoding in found]


def _marks(tokenizer: Tokenizer) -> tuple[str, str]:
    """The marks around a text; MPNet's vocabulary has those of BERT too, but was trained with its own."""
    return ("<s>", "</s>") if tokenizer.token_to_id("<s>") is not None else ("[CLS]", "[SEP]")


def _targets(paper: Paper, types: tuple[str, ...]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    words = paper.words()
    tags = np.zeros((len(words), 1 + 2 * len(types)), dtype=np.float32)
    roles = np.zeros((len(words), len(ROLES)), dtype=np.float32)
    named = np.zeros((len(words), 2), dtype=np.float32)
    inside = np.zeros(len(words), dtype=np.float32)
    tags[:, 0] = 1
    for start, end, index in paper.spans:
        thing = paper.things[index]
        within = [n for n, (a, b) in enumerate(words) if a < end and b > start]
        for place, n in enumerate(within):
            tags[n] = 0
            for type_, share in _shares(thing.type, [name for name in thing.alternatives if name in types]):
                tags[n, 1 + 2 * types.index(type_) + (place > 0)] += share
            roles[n, ROLES.index(thing.role)] = 1
            named[n, int(thing.named)] = 1
            inside[n] = 1
    ones = np.ones(len(words), dtype=np.float32)
    return {"tags": tags, "roles": roles, "named": named}, {"tags": ones, "roles": inside, "named": inside}


def _shares(type_: str, alternatives: list[str]) -> list[tuple[str, float]]:
    others = [name for name in alternatives if name != type_]
    if not others:
        return [(type_, 1.0)]
    return [(type_, 1 - ALTERNATIVE), *((name, ALTERNATIVE / len(others)) for name in others)]


def batches(examples: list[Example], size: int, generator: random.Random) -> list[list[Example]]:
    """Batches of windows of like length, in random order."""
    shuffled = list(examples)
    generator.shuffle(shuffled)
    pool = size * 32
    found = []
    for start in range(0, len(shuffled), pool):
        near = sorted(shuffled[start : start + pool], key=lambda e: len(e.pieces))
        found += [near[n : n + size] for n in range(0, len(near), size)]
    generator.shuffle(found)
    return found


def collate(batch: list[Example]) -> dict[str, Any]:
    """Tensors of a batch, padded."""
    pieces = max(len(e.pieces) for e in batch)
    words = max(len(e.firsts) for e in batch)
    out: dict[str, Any] = {
        "pieces": torch.zeros(len(batch), pieces, dtype=torch.long),
        "mask": torch.zeros(len(batch), pieces, dtype=torch.long),
        "firsts": torch.zeros(len(batch), words, dtype=torch.long),
        "targets": {}, "weights": {},
    }  # fmt: skip
    for head, target in batch[0].targets.items():
        out["targets"][head] = torch.zeros(len(batch), words, target.shape[1])
        out["weights"][head] = torch.zeros(len(batch), words)
    for n, e in enumerate(batch):
        out["pieces"][n, : len(e.pieces)] = torch.from_numpy(e.pieces)
        out["mask"][n, : len(e.pieces)] = 1
        out["firsts"][n, : len(e.firsts)] = torch.from_numpy(e.firsts)
        for head in e.targets:
            out["targets"][head][n, : len(e.firsts)] = torch.from_numpy(e.targets[head])
            out["weights"][head][n, : len(e.firsts)] = torch.from_numpy(e.weights[head])
    return out
