"""Blocks as Cypher statements and the rows they take: what a load sends, without a word to a server.

A group of blocks is written in one transaction, so that a block is in the database whole and with its hash, or not at
all. Statements have few shapes (one a label and one a relationship type), so that the server plans each once; rows are
lists with local IRIs, which costs half of what maps with full IRIs cost. Labels and types come from ``kg/schema.py``,
never from data.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

from kg.model import Block, Edge, Node
from kg.schema import CONCEPTS, EDGES, NODES

CONCEPT = "Concept"  # the second label of every node of a type in schema.CONCEPTS
GRAPH, HASH, IRI = "graph", "hash", "iri"  # properties beside those of the schema

OWNING = tuple(name for name, kind in EDGES.items() if kind.owned)
OWNED = tuple(label for name in OWNING for label in EDGES[name].ends)
ROOTS = tuple(label for label in NODES if label not in OWNED)  # the first node of a block has one of these


class Statement(NamedTuple):
    """Cypher with ``$rows``, ``$base`` and ``$graph``, and its rows.

    ``matches`` says that every row must be counted back: fewer mean an end of a relationship that is not there.
    """

    text: str
    rows: list[list[Any]]
    matches: bool = False


def write(blocks: Sequence[tuple[Block, str]], known: Iterable[str]) -> Iterator[Statement]:
    """The statements that write blocks (each with its hash), in order; ``known`` are those that may be there already.

    Of a known block what it no longer holds is removed first. Nodes of other blocks that relationships end at must be
    there, but for relationships between concepts, which make their end if need be.
    """
    old = set(known)
    changed = [block for block, _ in blocks if block.iri in old]
    if changed:
        yield from _clear(changed)
    yield from _nodes(blocks, old)
    yield from _edges(block for block, _ in blocks)


def remove(label: str, iris: Iterable[str]) -> Statement:
    """The statement that removes blocks by the full IRI of their first node, with all that they own."""
    text = (
        f"UNWIND $rows AS row MATCH (root:{label} {{iri: row[0]}}) WHERE root.graph = $graph "
        f"OPTIONAL MATCH (root)-[:{'|'.join(OWNING)}]->(part) WHERE part.graph = $graph DETACH DELETE part, root"
    )
    return Statement(text, [[iri] for iri in iris])


def remove_orphans(label: str) -> Statement:
    """The statement that removes nodes which belong to a block and hang on none."""
    owning = "|".join(name for name in OWNING if label in EDGES[name].ends)
    text = f"MATCH (part:{label}) WHERE part.graph = $graph AND NOT (part)<-[:{owning}]-() DETACH DELETE part"
    return Statement(text, [])


def _clear(blocks: Sequence[Block]) -> Iterator[Statement]:
    """Removes nodes and relationships that blocks had and have no longer."""
    for label, group in _by_label(blocks):
        parts = [[block.iri, {node.iri: True for node in block.nodes}] for block in group]
        yield Statement(_clear_parts(label), parts)
    kept: dict[str, list[list[Any]]] = {}
    for block in blocks:
        edges: dict[str, dict[str, bool]] = {node.iri: {} for node in block.nodes}
        for edge in block.edges:
            edges[edge.start][f"{edge.type} {edge.iri} {edge.end}"] = True
        for node in block.nodes:
            kept.setdefault(node.label, []).append([node.iri, edges[node.iri]])
    for label, rows in kept.items():
        if starts := _leaving(label):
            yield Statement(_clear_edges(label, starts), rows)


def _by_label(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Block]]]:
    groups: dict[str, list[Block]] = {}
    for block in blocks:
        groups.setdefault(block.nodes[0].label, []).append(block)
    yield from groups.items()


@cache
def _leaving(label: str) -> str:
    """The types of relationships that start at a label, as a pattern."""
    return "|".join(name for name, kind in EDGES.items() if label in kind.starts)


@cache
def _clear_parts(label: str) -> str:
    return (
        f"UNWIND $rows AS row MATCH (root:{label} {{iri: $base + row[0]}})-[:{'|'.join(OWNING)}]->(part) "
        "WHERE part.graph = $graph AND row[1][substring(part.iri, size($base))] IS NULL DETACH DELETE part"
    )


@cache
def _clear_edges(label: str, types: str) -> str:
    key = "type(edge) + ' ' + substring(coalesce(edge.iri, $base), size($base)) + ' ' + substring(end.iri, size($base))"
    return (
        f"UNWIND $rows AS row MATCH (start:{label} {{iri: $base + row[0]}})-[edge:{types}]->(end) "
        f"WHERE end.graph = $graph AND row[1][{key}] IS NULL DELETE edge"
    )


def _nodes(blocks: Sequence[tuple[Block, str]], old: set[str]) -> Iterator[Statement]:
    rows: dict[str, list[list[Any]]] = {}
    for block, digest in blocks:
        root = block.nodes[0].iri
        for node in block.nodes:
            properties = _properties(node, nulls=root in old)
            if node.iri == root:
                properties[HASH] = digest
            rows.setdefault(node.label, []).append([node.iri, properties])
    for label in NODES:  # in this order in every load, and sorted: two loads at once wait, and seldom deadlock
        if label in rows:
            yield Statement(_merge_node(label), sorted(rows[label], key=_first))


def _properties(node: Node, *, nulls: bool) -> dict[str, Any]:
    """A node's properties as Neo4j takes them; with ``nulls`` those that it has not are said to be absent."""
    properties: dict[str, Any] = dict.fromkeys(NODES[node.label].properties) if nulls else {}
    for name, value in node.properties.items():
        properties[name] = list(value) if isinstance(value, tuple) else value
    return properties


@cache
def _merge_node(label: str) -> str:
    second = f"SET node:{CONCEPT} " if label in CONCEPTS else ""
    return (
        f"UNWIND $rows AS row MERGE (node:{label} {{iri: $base + row[0]}}) ON CREATE SET node.graph = $graph {second}"
        "SET node += row[1] WITH node WHERE node.graph IS NULL OR node.graph <> $graph "
        "RETURN node.iri AS iri, node.graph AS graph LIMIT 1"
    )


def _edges(blocks: Iterable[Block]) -> Iterator[Statement]:
    rows: dict[str, list[list[Any]]] = {}
    for block in blocks:
        for edge in block.edges:
            row: list[Any] = [edge.start, edge.end]
            if edge.iri:
                row += [edge.iri, edge.properties]
            rows.setdefault(_merge_edge(edge.type, *_ends(edge), bool(edge.iri)), []).append(row)
    for text in sorted(rows):
        yield Statement(text, sorted(rows[text], key=_first), matches=True)


def _ends(edge: Edge) -> tuple[str, str]:
    """The labels by which to find both ends: one for all concepts, where the type has no narrower one."""
    kind = EDGES[edge.type]
    if kind.starts == CONCEPTS:
        return edge.start_label, edge.end_label
    return edge.start_label, CONCEPT if kind.ends == CONCEPTS else edge.end_label


@cache
def _merge_edge(kind: str, start: str, end: str, keyed: bool) -> str:
    if EDGES[kind].starts == CONCEPTS:  # concepts are written before papers, but in no order among themselves
        find = f"MERGE (end:{end} {{iri: $base + row[1]}}) ON CREATE SET end.graph = $graph SET end:{CONCEPT} "
    else:
        find = f"MATCH (end:{end} {{iri: $base + row[1]}}) "
    key, properties = (" {iri: $base + row[2]}", "SET edge += row[3] ") if keyed else ("", "")
    return (
        f"UNWIND $rows AS row MATCH (start:{start} {{iri: $base + row[0]}}) {find}"
        f"MERGE (start)-[edge:{kind}{key}]->(end) {properties}RETURN count(*) AS matched"
    )


def _first(row: list[Any]) -> str:
    return str(row[0])
