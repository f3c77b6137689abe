"""networkx's node-link JSON: ``networkx.node_link_graph(json.load(file), edges="edges")`` reads it back."""

import json
import shutil
import tempfile
from collections.abc import Iterable
from typing import BinaryIO

from kg.exports.networks import edge_attributes, edge_key, node_attributes
from kg.model import Block, Edge, Node


def write(blocks: Iterable[Block], target: BinaryIO, *, base: str) -> None:
    """Writes one JSON object, a node or an edge a line. Edges wait in a temporary file until all nodes are written."""
    head = {"directed": True, "multigraph": True, "graph": {"base": base}}
    target.write((json.dumps(head)[:-1] + ', "nodes": [').encode())
    with tempfile.TemporaryFile() as edges:
        node_break = edge_break = "\n"
        for block in blocks:
            for node in block.nodes:
                target.write(_bytes(node_break, _node(node)))
                node_break = ",\n"
            for edge in block.edges:
                edges.write(_bytes(edge_break, _edge(edge)))
                edge_break = ",\n"
        target.write(b'\n], "edges": [')
        edges.seek(0)
        shutil.copyfileobj(edges, target)
    target.write(b"\n]}\n")


def _node(node: Node) -> dict[str, object]:
    return {"id": node.iri, **node_attributes(node)}


def _edge(edge: Edge) -> dict[str, object]:
    return {"source": edge.start, "target": edge.end, "key": edge_key(edge), **edge_attributes(edge)}


def _bytes(line_break: str, value: dict[str, object]) -> bytes:
    """JSON after a line break; half a surrogate pair, which no file can hold, becomes a question mark."""
    return (line_break + json.dumps(value, ensure_ascii=False)).encode(errors="replace")
