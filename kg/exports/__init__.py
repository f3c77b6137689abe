"""The stream of blocks as files, one format each here: same graph, same bytes, and no format holds all of it in memory.

An export is ``write(blocks, target, *, base)``: the blocks of ``kg/graph.py``, an open binary file, the base of IRIs.
"""

from collections.abc import Iterable
from typing import BinaryIO, Protocol

from kg.model import Block

EXPORTS = {
    "ntriples": "kg.exports.ntriples:write",
    "turtle": "kg.exports.turtle:write",
    "nodelink": "kg.exports.nodelink:write",
    "graphml": "kg.exports.graphml:write",
}


class Export(Protocol):
    """What every export is."""

    def __call__(self, blocks: Iterable[Block], target: BinaryIO, *, base: str) -> None:
        """Writes the graph to ``target``; the local parts of IRIs are relative to ``base``."""
        ...
