"""What differs between processors: read the sample papers on each, then compare.

    python -m scripts.other_cpu read HERE.json [PAPERS]
    qemu-x86_64 -cpu Haswell .venv/bin/python -m scripts.other_cpu read THERE.json [PAPERS]    # AVX2, no AVX-512
    python -m scripts.other_cpu compare HERE.json THERE.json

The comparison prints the largest difference of the network's probabilities, and how many facts differ in anything.
"""

import json
import re
import sys
from itertools import islice
from pathlib import Path
from typing import Any

from kg import sources
from kg.reading import Reader, lines
from kg.reading.network import Network
from kg.reading.words import split_words

_CONFIDENCE = re.compile(r'"confidence": [\d.e-]+')
SEEDS = Path(__file__).parents[1] / "seeds"


def read(papers: int) -> list[dict[str, Any]]:
    """Of each paper the probabilities of every head and the facts."""
    network = Network()
    found = []
    texts = [(r.title, r.abstract) for r in sources.read_records([str(SEEDS)]) if not isinstance(r, Exception)]
    with Reader() as reader:
        for (title, abstract), reading in zip(texts[:papers], reader.read(islice(texts, papers)), strict=True):
            text = f"{title}\n{abstract}"
            heads = network.read(text, split_words(text))
            found.append(
                {"heads": {name: rows.tolist() for name, rows in heads.items()}, "facts": lines.to_json(reading)}
            )
    return found


def compare(here: list[dict[str, Any]], there: list[dict[str, Any]]) -> dict[str, Any]:
    """The largest difference, and how many facts differ: in anything but their confidence, and in that too."""
    largest = max(
        abs(a - b)
        for one, other in zip(here, there, strict=True)
        for head, rows in one["heads"].items()
        for row, same in zip(rows, other["heads"][head], strict=True)
        for a, b in zip(row, same, strict=True)
    )
    return {
        "papers": len(here),
        "largest difference of a probability": largest,
        "facts": len(_facts(here, bare=True)),
        "facts that differ": len(_facts(here, bare=True) ^ _facts(there, bare=True)),
        "with their confidence": len(_facts(here, bare=False) ^ _facts(there, bare=False)),
    }


def _facts(papers: list[dict[str, Any]], *, bare: bool) -> set[str]:
    found = set()
    for place, paper in enumerate(papers):
        for kind in ("entities", "results", "quantities"):
            for fact in paper["facts"][kind]:
                text = json.dumps([place, kind, fact], sort_keys=True)
                found.add(_CONFIDENCE.sub("", text) if bare else text)
    return found


def main(arguments: list[str]) -> None:
    """``read FILE [PAPERS]`` or ``compare FILE FILE``."""
    command, file, *rest = arguments
    if command == "read":
        Path(file).write_text(json.dumps(read(int(rest[0]) if rest else 20)), encoding="utf-8")
    else:
        here, there = (json.loads(Path(name).read_text(encoding="utf-8")) for name in (file, rest[0]))
        print(json.dumps(compare(here, there), indent=1))


if __name__ == "__main__":
    main(sys.argv[1:])
