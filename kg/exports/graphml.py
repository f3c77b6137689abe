"""GraphML, which Gephi, yEd, Cytoscape and networkx read. It knows no lists: theirs are joined by `` | ``."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from kg.exports.networks import edge_attributes, edge_key, node_attributes
from kg.model import Block
from kg.schema import EDGES, NODES, Property

LIST_BREAK = " | "
_TYPES = {"string": "string", "integer": "long", "double": "double", "boolean": "boolean"}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
"""


def write(blocks: Iterable[Block], target: BinaryIO, *, base: str) -> None:
    """Writes one graph. Characters that XML forbids become U+FFFD; ids of nodes are local parts under ``base``."""
    target.write("".join([_HEAD, *_keys("node"), *_keys("edge")]).encode())
    target.write(b'<graph id="G" edgedefault="directed">\n')
    for block in blocks:
        target.write("".join(_elements(block)).encode())
    target.write(b"</graph>\n</graphml>\n")


def attribute_types(domain: str) -> dict[str, str]:
    """Every attribute that nodes or edges ("node", "edge") can have, with its GraphML type."""
    kinds: Iterable[Any] = NODES.values() if domain == "node" else EDGES.values()
    own = {"label": "string"} if domain == "node" else {"type": "string", "iri": "string"}
    properties: Mapping[str, Property] = {key: p for kind in kinds for key, p in kind.properties.items()}
    return own | {key: _TYPES[p.datatype] for key, p in sorted(properties.items())}


def _keys(domain: str) -> Iterator[str]:
    for name, kind in attribute_types(domain).items():
        yield f'<key id="{domain[0]}.{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n'


def _elements(block: Block) -> Iterator[str]:
    for node in block.nodes:
        yield f"<node id={quoteattr(node.iri)}>{_data('n', node_attributes(node))}</node>\n"
    for edge in block.edges:
        ends = f"id={quoteattr(f'{edge.start}/{edge.end}/{edge_key(edge)}')} source={quoteattr(edge.start)}"
        yield f"<edge {ends} target={quoteattr(edge.end)}>{_data('e', edge_attributes(edge))}</edge>\n"


def _data(letter: str, attributes: dict[str, Any]) -> str:
    return "".join(f'<data key="{letter}.{name}">{_text(value)}</data>' for name, value in attributes.items())


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    text = LIST_BREAK.join(value) if isinstance(value, list) else str(value)
    return escape(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text), {"\r": "&#13;"})
