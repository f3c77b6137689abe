"""Blocks as a load takes them: their stamps, and blocks by local IRI."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from kg.engines.neo4j import Stamp
from kg.model import Block
from tests import sample_blocks as sample

BASE = "https://w3id.org/paperkg/"


class Graph:
    """Some blocks, from which others are made by adding and taking away."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self.blocks = {block.iri: block for block in blocks}

    def stamps(self) -> Iterator[Stamp]:
        for block in self.blocks.values():
            yield block.iri, block.kind, hashlib.sha256(repr(block).encode()).hexdigest()[:32]

    def fetch(self, iris: Sequence[str]) -> Iterator[Block]:
        return (self.blocks[iri] for iri in iris)

    def without(self, *iris: str) -> "Graph":
        return Graph(block for iri, block in self.blocks.items() if iri not in iris)

    def with_(self, *blocks: Block) -> "Graph":
        return Graph({**self.blocks, **{block.iri: block for block in blocks}}.values())

    def size(self) -> tuple[int, int]:
        """How many nodes and how many relationships."""
        return sum(len(b.nodes) for b in self.blocks.values()), sum(len(b.edges) for b in self.blocks.values())


def made(papers: int, *, concepts: int = 300) -> Graph:
    """A graph of so many papers, about 62 nodes and relationships each."""
    shared = [sample.concept(n, broader=n + 5 if n % 3 and n + 5 < concepts else None) for n in range(concepts)]
    authors = [sample.author(n) for n in range(concepts)]
    return Graph([sample.READER, *shared, *authors, *(sample.paper(n, concepts=concepts) for n in range(papers))])
