"""A linear classifier that is a table: one line a feature, one column a class, and their sums decide.

Each file of weights lies beside this one; ``scripts/learn_reading.py`` writes them from annotated abstracts.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import KgError

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Linear:
    """Weights by feature, in the order of ``classes``."""

    classes: tuple[str, ...]
    weights: dict[str, tuple[float, ...]]

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """The probability of each class; features without weights say nothing."""
        sums = [0.0] * len(self.classes)
        for feature in features:
            row = self.weights.get(feature)
            if row:
                sums = [total + weight for total, weight in zip(sums, row, strict=True)]
        top = max(sums)
        shares = [math.exp(total - top) for total in sums]
        whole = sum(shares)
        return {name: share / whole for name, share in zip(self.classes, shares, strict=True)}


@cache
def load(name: str) -> Linear:
    """The table ``<name>.tsv`` of ``FOLDER``. Raises ``KgError`` with the line that is wrong."""
    file = FOLDER / f"{name}.tsv"
    header, *lines = file.read_text(encoding="utf-8").split("\n")
    classes = tuple(header.split("\t")[1:])
    weights = {}
    for number, line in enumerate(filter(None, lines), 2):
        feature, *row = line.split("\t")
        if len(row) != len(classes):
            raise KgError(f"{file}:{number}: {line!r} must hold a feature and {len(classes)} weights, tab-separated")
        weights[feature] = tuple(map(float, row))
    return Linear(classes, weights)
