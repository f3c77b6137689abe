"""N-Triples: one triple a line, as the engine gets them."""

from collections.abc import Iterable
from typing import BinaryIO

from kg import rdf
from kg.model import Block


def write(blocks: Iterable[Block], target: BinaryIO, *, base: str) -> None:
    """Writes every triple of the graph, block by block."""
    for block in blocks:
        target.write("".join(f"{line}\n" for line in rdf.triples(block, base)).encode())
