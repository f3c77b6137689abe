"""Databases that answer questions about the graph, each one file here; none is ever the only copy of anything.

An engine is a projection of the stream of blocks (``kg/graph.py``) and can be thrown away and written again from it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from kg.model import Scalar

ENGINES = {
    "sparql": "kg.engines.sparql:SparqlEngine",
    "neo4j": "kg.engines.neo4j:Neo4jEngine",
    "cypher": "kg.engines.cypher:CypherEngine",
}


class Iri(str):
    """A value that is the full IRI of something, not a text."""

    __slots__ = ()


Cell = Scalar | None


class Rows(NamedTuple):
    """An answer: the names of its columns and its rows, in the order of the database.

    A cell is a Python value: ``Iri`` (a string too) for an IRI, ``str``, ``int``, ``float``, ``bool``, and None where
    there is nothing.
    """

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


class Engine(Protocol):
    """What every engine can do. How it is written differs (a folder swapped in, a server): see its own module.

    ``language`` is that of its queries, one of ``kg.questions.saved.SUFFIXES``; ``base`` starts every IRI of the graph.
    """

    @property
    def language(self) -> str: ...

    @property
    def base(self) -> str: ...

    def query(self, text: str, *, parameters: Mapping[str, Any] | None = None, timeout: float | None = None) -> Rows:
        """Runs one read-only query; ``parameters`` fill in its ``$name``, ``timeout`` is in seconds.

        Raises QueryError for a query that cannot be run, QueryTimeoutError (after stopping it) for one that runs too
        long, EngineError if the database does not answer.
        """
        ...

    def close(self) -> None:
        """Lets go of the database."""
        ...
