"""Cypher without a server: a projection of the blocks into kglite, and queries on it. The only door to kglite.

The projection is one file, written whole from the stream and never changed: it is thrown away when the graph has moved
on. Queries run on a frozen snapshot in memory, which takes no writes, and always under a deadline where one is given.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from kg.engines import Cell, Iri, Rows
from kg.engines.cypher_text import refuse_files
from kg.errors import EngineError, QueryError, QueryTimeoutError
from kg.model import Block
from kg.schema import CONCEPTS, NODES

ROWS_A_STATEMENT = 20_000
SUFFIX = ".kgl"
_NO_DEADLINE = 0  # kglite's own default would be three minutes
_VIRTUAL = ("id", "type", "title", "name")  # kglite gives every node these, whether or not it has such a property

_Rows = dict[tuple[str, ...], list[list[Any]]]


def rebuild(file: Path, blocks: Iterable[Block], base: str) -> None:
    """Writes the projection of all ``blocks`` to ``file``, at once or not at all.

    Raises EngineError if it cannot be written or kglite is not installed.
    """
    kglite = _package()
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.stem}.{os.getpid()}.partial")
    try:
        graph = kglite.KnowledgeGraph()
        _write(graph, blocks, base)
        graph.save(str(partial), layout="compact")
        partial.replace(file)
    except (kglite.KgError, OSError) as error:
        raise EngineError(f"{file}: the Cypher projection could not be written: {error}") from error
    finally:
        for left in file.parent.glob(f"{partial.name}*"):
            left.unlink(missing_ok=True)


def _write(graph: Any, blocks: Iterable[Block], base: str) -> None:
    for label in NODES:  # an index too; without it kglite takes two nodes of one IRI for one
        graph.cypher(f"CREATE CONSTRAINT FOR (n:{label}) REQUIRE n.iri IS UNIQUE")
    nodes: _Rows = {}
    edges: _Rows = {}
    count = 0
    for block in blocks:
        count += _add(block, base, nodes, edges)
        if count >= ROWS_A_STATEMENT:
            _create_nodes(graph, nodes)
            nodes, count = {}, 0
    _create_nodes(graph, nodes)
    for (kind, start, end), rows in edges.items():
        _create_edges(graph, kind, start, end, rows)


def _add(block: Block, base: str, nodes: _Rows, edges: _Rows) -> int:
    """Puts a block's nodes and edges among the rows to send; says how many nodes."""
    for node in block.nodes:
        properties = {name: list(v) if isinstance(v, tuple) else v for name, v in node.properties.items()}
        nodes.setdefault((node.label,), []).append([base + node.iri, properties])
    for edge in block.edges:
        own = {"iri": base + edge.iri, **edge.properties} if edge.iri else {}
        key = (edge.type, edge.start_label, edge.end_label)
        edges.setdefault(key, []).append([base + edge.start, base + edge.end, own])
    return len(block.nodes)


def _create_nodes(graph: Any, nodes: _Rows) -> None:
    for (label,), rows in nodes.items():
        labels = f"{label}:Concept" if label in CONCEPTS else label
        text = f"UNWIND $rows AS row CREATE (node:{labels} {{iri: row[0]}}) SET node += row[1]"
        graph.cypher(text, params={"rows": rows}, timeout_ms=_NO_DEADLINE)


def _create_edges(graph: Any, kind: str, start: str, end: str, rows: list[list[Any]]) -> None:
    text = (
        f"UNWIND $rows AS row MATCH (a:{start} {{iri: row[0]}}) MATCH (b:{end} {{iri: row[1]}}) "
        f"CREATE (a)-[edge:{kind}]->(b) SET edge += row[2]"
    )
    for first in range(0, len(rows), ROWS_A_STATEMENT):
        batch = rows[first : first + ROWS_A_STATEMENT]
        graph.cypher(text, params={"rows": batch}, timeout_ms=_NO_DEADLINE)


class CypherEngine:
    """A projection opened for queries. Can be used from several threads, and as a context manager."""

    language = "cypher"

    def __init__(self, file: Path, *, base: str) -> None:
        self.file = file
        self.base = base
        self._kglite = _package()
        try:
            self._graph: Any = self._kglite.load(str(file)).freeze()
        except self._kglite.KgError as error:
            raise EngineError(f"{file}: the Cypher projection cannot be read: {error}; delete it") from error

    def __enter__(self) -> "CypherEngine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the graph in memory."""
        self._graph = None

    def query(self, text: str, *, parameters: Mapping[str, Any] | None = None, timeout: float | None = None) -> Rows:
        """The answer to one read-only query; ``parameters`` are its ``$name``, ``timeout`` is in seconds.

        A node comes as its Iri; what is no single value otherwise comes as JSON. Raises QueryError for a mistake or an
        attempt to write, QueryTimeoutError for a query that was stopped at its time limit.
        """
        refuse_files(text)
        deadline = _NO_DEADLINE if timeout is None else max(1, round(timeout * 1000))
        with self._ours(timeout):
            answer = self._graph.cypher(text, params=dict(parameters or {}), timeout_ms=deadline)
        if isinstance(answer, str):
            raise QueryError("FORMAT CSV is refused: leave it out, and ask for --csv or --json instead")
        columns = tuple(answer.columns)
        rows = [tuple(self._cell(row[column]) for column in columns) for row in answer.to_list()]
        return Rows(columns, rows)

    @contextmanager
    def _ours(self, timeout: float | None) -> Iterator[None]:
        """kglite's errors as those of this package."""
        try:
            yield
        except self._kglite.CypherTimeoutError as error:
            raise QueryTimeoutError(
                f"the query was stopped at its time limit of {timeout or 0:g} s: ask for less, or allow more"
            ) from error
        except self._kglite.ReadOnlyError as error:
            raise QueryError("the query writes, and queries only read") from error
        except (self._kglite.KgError, ValueError, TypeError, OverflowError) as error:
            raise QueryError(f"the query cannot be run: {error}") from error

    def _cell(self, value: Any) -> Cell:
        if value is None or isinstance(value, str | bool | int | float):
            return value
        if _is_node(value) and isinstance(value["properties"].get("iri"), str):
            return Iri(value["properties"]["iri"])
        return json.dumps(self._plain(value), ensure_ascii=False)

    def _plain(self, value: Any) -> Any:
        """What Cypher can return beyond single values, as JSON can hold it and as the Neo4j engine gives it."""
        if _is_node(value):
            return {"labels": sorted(value["labels"]), **self._own(value["labels"][0], value["properties"])}
        if _is_relationship(value):
            ends = {name: self._iri(value[name]) for name in ("start", "end")}
            return {"type": value["type"], **ends, **value["properties"]}
        if isinstance(value, Mapping) and value.keys() == {"nodes", "relationships"}:
            return [self._plain(part) for part in _alternating(value["nodes"], value["relationships"])]
        if isinstance(value, list | tuple):
            return [self._plain(item) for item in value]
        if isinstance(value, Mapping):
            label = value.get("type") if isinstance(value.get("id"), int) and "iri" in value else None
            plain = self._own(label, value) if label in NODES else value  # what properties(node) gives
            return {str(key): self._plain(item) for key, item in plain.items()}
        return value if value is None or isinstance(value, str | bool | int | float) else str(value)

    def _own(self, label: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        """A node's properties without those that only kglite knows."""
        known = NODES[label].properties
        return {name: value for name, value in properties.items() if name in known or name not in _VIRTUAL}

    def _iri(self, number: int) -> str | None:
        text = "MATCH (node) WHERE id(node) = $number RETURN node.iri AS iri"
        found = self._graph.cypher(text, params={"number": number}, timeout_ms=_NO_DEADLINE).to_list()
        return found[0]["iri"] if found else None


def _is_node(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"id", "labels", "properties"}


def _is_relationship(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"id", "start", "end", "type", "properties"}


def _alternating(nodes: list[Any], relationships: list[Any]) -> Iterator[Any]:
    for node, relationship in zip(nodes, relationships, strict=False):
        yield node
        yield relationship
    yield from nodes[-1:]


def _package() -> ModuleType:
    try:
        kglite = import_module("kglite")
    except ImportError as error:
        raise EngineError("the kglite package is not installed: pip install 'paperkg[cypher]'") from error
    with suppress(ValueError):
        kglite.set_query_warning_policy("silent")  # it would print hints to stderr
    return kglite
