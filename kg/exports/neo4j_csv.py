"""A folder of CSV files for ``neo4j-admin database import full``, with the script that runs it.

The imported database is the one that ``kg load neo4j`` writes, node for node: a load on it finds nothing to do. One
file a label and one a relationship type; IRIs are the ids. Lists are broken at U+001F, which no name contains, so that
a semicolon in an alias is a semicolon.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from kg import paths
from kg.errors import KgError
from kg.model import Block, Edge, Node
from kg.schema import CONCEPTS, EDGES, NODES, Property

SCRIPT, SCHEMA = "import.sh", "neo4j.cypher"
LIST_BREAK = "\x1f"
_TYPES = {"string": "string", "integer": "long", "double": "double", "boolean": "boolean"}
_NO_BREAK = {0x1F: "\N{REPLACEMENT CHARACTER}"}
_NO_HALF = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")  # half a character has no UTF-8
_SCRIPT = """\
#!/bin/sh
# Imports this folder into a Neo4j 5 database, which must be new or empty; the server must be stopped.
#
#     sh import.sh                                             into the database "neo4j"
#     DATABASE=papers NEO4J_ADMIN=/opt/neo4j/bin/neo4j-admin sh import.sh
#     sh import.sh --overwrite-destination                     in place of all that the database holds
#
# Then start the server and make constraints and indexes: cypher-shell -f {schema}
set -eu
cd "$(dirname "$0")"
exec "${{NEO4J_ADMIN:-neo4j-admin}}" database import full \\
  --array-delimiter=U+001F --multiline-fields=true \\
{files}  "$@" "${{DATABASE:-neo4j}}"
"""


def write(blocks: Iterable[Block], folder: Path, *, base: str, graph: str, hash_of: Callable[[Block], str]) -> None:
    """Writes ``folder``, made if need be; ``graph`` is the graph's id, ``hash_of`` the hash of a block.

    Raises KgError for a folder that holds anything but an earlier export.
    """
    _make(folder)
    with ExitStack() as stack:
        files = _Files(folder, stack)
        for block in blocks:
            own = {block.iri: {"graph": graph, "hash": hash_of(block)}}
            for node in block.nodes:
                files.of(node.label, _node_head).write(_node_line(node, base, own.get(node.iri, {"graph": graph})))
            for edge in block.edges:
                files.of(edge.type, _edge_head).write(_edge_line(edge, base))
    (folder / SCHEMA).write_bytes((paths.schemas() / SCHEMA).read_bytes())
    (folder / SCRIPT).write_text(_SCRIPT.format(schema=SCHEMA, files="".join(map(_option, files.names()))))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = [child.name for child in folder.iterdir()]
    except OSError as error:
        raise KgError(f"{folder} cannot be made: {error}") from error
    if there and SCRIPT not in there:
        raise KgError(f"{folder} holds other files: name a new folder, or an earlier export to replace it")
    for name in there:  # the script first: without it nothing here looks ready
        if name == SCRIPT or name.endswith(".csv"):
            (folder / name).unlink()


class _Files:
    """The files of one export, opened when their first line is written."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._open: dict[str, IO[str]] = {}

    def of(self, name: str, head: Callable[[str], str]) -> IO[str]:
        if name not in self._open:
            file = open(self._folder / f"{name}.csv", "w", encoding="utf-8", newline="\n")  # noqa: SIM115
            self._open[name] = self._stack.enter_context(file)
            file.write(head(name))
        return self._open[name]

    def names(self) -> list[str]:
        return [name for name in (*NODES, *EDGES) if name in self._open]


def _node_head(label: str) -> str:
    return ",".join(["iri:ID", "graph", "hash", *_columns(NODES[label].properties)]) + "\n"


def _edge_head(kind: str) -> str:
    own = ["iri", *_columns(EDGES[kind].properties)] if EDGES[kind].properties else []
    return ",".join([":START_ID", ":END_ID", *own]) + "\n"


def _columns(properties: Mapping[str, Property]) -> list[str]:
    return [f"{name}:{_TYPES[kind.datatype]}{'[]' if kind.many else ''}" for name, kind in properties.items()]


def _node_line(node: Node, base: str, own: Mapping[str, str]) -> str:
    cells: list[Any] = [base + node.iri, own.get("graph"), own.get("hash")]
    cells += [node.properties.get(name) for name in NODES[node.label].properties]
    return ",".join(map(_cell, cells)) + "\n"


def _edge_line(edge: Edge, base: str) -> str:
    cells: list[Any] = [base + edge.start, base + edge.end]
    if edge.iri:
        cells += [base + edge.iri, *(edge.properties.get(name) for name in EDGES[edge.type].properties)]
    return ",".join(map(_cell, cells)) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.translate(_NO_HALF).replace('"', '""') + '"' if value else '""'
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return _cell(LIST_BREAK.join(item.translate(_NO_BREAK) for item in value)) if value else ""
    return repr(value)


def _option(name: str) -> str:
    if name in EDGES:
        return f"  --relationships={name}={name}.csv \\\n"
    return f"  --nodes={name}{':Concept' if name in CONCEPTS else ''}={name}.csv \\\n"
