"""The stream of blocks as files, one format each here: same graph, same bytes, and no format holds all of it in memory.

An export is ``write(blocks, target, *, base)``: the blocks of ``kg/graph.py``, an open binary file, the base of IRIs.
Formats of several files stand in a table of their own and write a folder.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, Protocol

from kg.model import Block

EXPORTS = {
    "ntriples": "kg.exports.ntriples:write",
    "turtle": "kg.exports.turtle:write",
    "nodelink": "kg.exports.nodelink:write",
    "graphml": "kg.exports.graphml:write",
}
FOLDER_EXPORTS = {
    "neo4j-csv": "kg.exports.neo4j_csv:write",
}


class Export(Protocol):
    """What every export is."""

    def __call__(self, blocks: Iterable[Block], target: BinaryIO, *, base: str) -> None:
        """Writes the graph to ``target``; the local parts of IRIs are relative to ``base``."""
        ...


class FolderExport(Protocol):
    """What every export of several files is."""

    def __call__(
        self, blocks: Iterable[Block], folder: Path, *, base: str, graph: str, hash_of: Callable[[Block], str]
    ) -> None:
        """Writes the graph to ``folder``; ``graph`` is the graph's id, ``hash_of`` the hash of a block."""
        ...
