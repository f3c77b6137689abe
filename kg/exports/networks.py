"""The property graph for networkx, and the one rule by which nodes and edges are named in the formats it reads.

A node's key is its local IRI; its attributes are ``label`` and the properties. An edge's key is its type, and the local
IRI of its statement after a slash where it has one; its attributes are ``type``, ``iri`` (of the statement) and the
properties.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kg.model import Block, Edge, Node

if TYPE_CHECKING:
    from networkx import MultiDiGraph


def node_attributes(node: Node) -> dict[str, Any]:
    """A node's label and properties, in alphabetical order of the properties; lists are lists."""
    return {"label": node.label, **_plain(node.properties)}


def edge_attributes(edge: Edge) -> dict[str, Any]:
    """An edge's type, the IRI of its statement where it has one, and its properties in alphabetical order."""
    return {"type": edge.type, **({"iri": edge.iri} if edge.iri else {}), **_plain(edge.properties)}


def edge_key(edge: Edge) -> str:
    """What tells an edge from all others between the same nodes."""
    return f"{edge.type}/{edge.iri}" if edge.iri else edge.type


def to_networkx(blocks: Iterable[Block]) -> "MultiDiGraph[str]":
    """The whole graph in memory."""
    import networkx

    graph: MultiDiGraph[str] = networkx.MultiDiGraph()
    for block in blocks:
        for node in block.nodes:
            graph.add_node(node.iri, **node_attributes(node))
        for edge in block.edges:
            graph.add_edge(edge.start, edge.end, key=edge_key(edge), **edge_attributes(edge))
    return graph


def _plain(properties: dict[str, Any]) -> dict[str, Any]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in sorted(properties.items())}
