"""Whether a paper's abstract holds a thing: decided once for the whole text, from all that speaks for it.

One mention in passing that the network was half sure of is a poor sign, five are a good one. The signs are few
numbers; their weights were learned on abstracts that the network had not seen (``scripts/training``), so that what
comes out is a probability, and stand in ``model.json`` beside the network for which they were learned.
"""

import math
from collections.abc import Sequence

from kg.reading.document import Found
from kg.reading.network import card
from kg.schema import CONCEPTS, ROLES

_FLOOR = 1e-3


def signs(
    text: str, title_end: int, found: Sequence[Found], shares: Sequence[float], *, listed: bool
) -> dict[str, float]:
    """What speaks for a thing with these mentions, whose types have these ``shares``: names with values."""
    scores = [mention.score for mention in found]
    missed = math.prod(1 - min(score, 0.9999) for score in scores)
    roles = [sum(mention.roles[n] for mention in found) / len(found) for n in range(len(ROLES))]
    longest = max((text[m.start : m.end] for m in found), key=len)
    words = len(longest.split())
    type_ = max(range(len(CONCEPTS)), key=lambda n: shares[n])
    return {
        "always": 1.0,
        "best": _odds(max(scores)),
        "any": _odds(1 - missed),
        "mean": _odds(sum(scores) / len(scores)),
        "count": math.log(len(scores)),
        "title": float(any(m.start < title_end for m in found)),
        "type share": shares[type_],
        "named": sum(mention.named for mention in found) / len(found),
        "listed": float(listed),
        "lower": float(longest.islower()),
        "one word": float(words == 1),
        "long": float(words > 4),
        "words": float(min(words, 6)),
        "letters": math.log(len(longest)),
        "capital": float(any(map(str.isupper, longest[1:]))),
        "hyphen": float("-" in longest),
        **{f"is {name}": float(n == type_) for n, name in enumerate(CONCEPTS)},
        **{f"role {name}": roles[n] for n, name in enumerate(ROLES)},
    }


def probability(found: dict[str, float], variant: str) -> float:
    """How likely the thing is one that an annotator would name."""
    weights = card()["keeping"][variant]["weights"]
    return 1 / (1 + math.exp(-sum(value * weights[name] for name, value in found.items())))


def least(variant: str) -> float:
    """The probability from which a thing is kept."""
    return float(card()["keeping"][variant]["least"])


def _odds(share: float) -> float:
    share = min(max(share, _FLOOR), 1 - _FLOOR)
    return math.log(share / (1 - share))
