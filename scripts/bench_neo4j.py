"""Loading a graph into Neo4j beside the bare driver, in one run on one server; loading again; the saved questions.

    python scripts/bench_neo4j.py GRAPH [--rounds 3]

The bare driver sends the same nodes and relationships in batches of 10,000, one transaction a batch, its rows made
before the clock starts. Both find constraints and indexes in place and no rows. Every load is a process of its own.
"""

import argparse
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import kg  # noqa: E402
from kg import graph as stream  # noqa: E402
from kg.build import graph_id  # noqa: E402
from kg.engines.neo4j import Connection, Neo4jEngine, connection  # noqa: E402
from kg.schema import CONCEPTS  # noqa: E402
from kg.store import Store  # noqa: E402

BATCH = 10_000
EMPTY = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS"
Say = Callable[[str, float, str, str], None]


def measure(folder: Path, say: Say, *, rounds: int = 3) -> None:
    """All figures of the graph in ``folder``, on a server of its own; ``say`` takes name, value, bar and unit."""
    with tempfile.TemporaryDirectory() as name:
        server = _script().Server(Path(name) / "neo4j", pagecache="512m")
        server.start()
        try:
            where = connection(uri=server.uri, password_file=server.password_file, environment={})
            _loading(folder, server, where, say, rounds)
            _questions(folder, where, say)
        finally:
            server.kill()


def _loading(folder: Path, server: Any, where: Connection, say: Say, rounds: int) -> None:
    _child("load", folder, server)  # the server's code is warm after this, and the schema is there
    runs: dict[str, list[dict[str, float]]] = {"bare": [], "load": [], "again": []}
    for _ in range(rounds):
        for what in ("bare", "load", "again"):
            if what != "again":
                _empty(where)
            runs[what].append(_child(what.replace("again", "load"), folder, server))
    seconds = {what: statistics.median(run["seconds"] for run in of) for what, of in runs.items()}
    rows = runs["bare"][0]["rows"]
    say("neo4j: nodes and relationships", rows, "", "")
    say("neo4j: the bare driver", seconds["bare"], "", "s")
    say("neo4j: load", seconds["load"], "", "s")
    say("neo4j: load, ratio to the bare driver", seconds["load"] / seconds["bare"], "<= 1.3", "")
    say("neo4j: load again, nothing changed", seconds["again"], "<= load", "s")
    say("neo4j: peak memory of the client", max(run["peak"] for run in runs["load"]), "< 500", "MB")


def _questions(folder: Path, where: Connection, say: Say) -> None:
    from bench_cypher import measure as questions

    times = questions(folder, where)
    for name, milliseconds in sorted(times.items(), key=lambda item: -item[1])[:5]:
        say(f"  {name}", milliseconds, "< 300", "ms")
    say("neo4j: saved questions, slowest", max(times.values()), "< 300", "ms")
    say("neo4j: saved questions, median", statistics.median(times.values()), "", "ms")


def _empty(where: Connection) -> None:
    with Neo4jEngine(where) as engine, engine._session("WRITE") as session:
        session.run(EMPTY).consume()


def _child(what: str, folder: Path, server: Any) -> dict[str, float]:
    command = [sys.executable, __file__, "--child", what, str(folder), server.uri, str(server.password_file)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def child(what: str, folder: str, uri: str, password_file: str) -> None:
    """One load in this process; prints its seconds, its rows and the peak memory of the process."""
    where = connection(uri=uri, password_file=Path(password_file), environment={})
    seconds, rows = {"load": _load, "bare": _bare}[what](Path(folder), where)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # KiB on Linux
    print(json.dumps({"seconds": seconds, "rows": rows, "peak": peak}))


def _load(folder: Path, where: Connection) -> tuple[float, int]:
    start = time.perf_counter()
    with kg.open(folder) as graph:
        report = graph.load_neo4j(where)
    return time.perf_counter() - start, report.nodes_created + report.relationships_created


def _bare(folder: Path, where: Connection) -> tuple[float, int]:
    import neo4j

    statements = list(_statements(folder))
    start = time.perf_counter()
    with (
        neo4j.GraphDatabase.driver(where.uri, auth=(where.user, where.password)) as driver,
        driver.session() as session,
    ):
        for text, rows in statements:
            for batch in (rows[i : i + BATCH] for i in range(0, len(rows), BATCH)):
                session.execute_write(lambda t, text=text, batch=batch: t.run(text, rows=batch).consume())
    return time.perf_counter() - start, sum(len(rows) for _, rows in statements)


def _statements(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What a careful person writes: by label and type, ends found by label, whole IRIs and maps."""
    with Store(folder) as store:
        base, blocks = store.get("base"), list(stream.blocks(store))
        hashes = {stamp.iri: stamp.hash for stamp in store.blocks.all()}
    nodes: dict[str, list[dict[str, Any]]] = {}
    edges: dict[tuple[str, str, str, bool], list[dict[str, Any]]] = {}
    for block in blocks:
        for node in block.nodes:
            own = {"graph": graph_id(base)} | ({"hash": hashes[node.iri]} if node.iri == block.iri else {})
            properties = {k: list(v) if isinstance(v, tuple) else v for k, v in node.properties.items()}
            nodes.setdefault(node.label, []).append({"iri": base + node.iri, "properties": properties | own})
        for edge in block.edges:
            row = {"start": base + edge.start, "end": base + edge.end}
            key = {"iri": base + edge.iri, "properties": edge.properties} if edge.iri else {}
            kind = (edge.type, edge.start_label, edge.end_label, bool(edge.iri))
            edges.setdefault(kind, []).append(row | key)
    for label, rows in nodes.items():
        second = "SET n:Concept " if label in CONCEPTS else ""
        yield f"UNWIND $rows AS row MERGE (n:{label} {{iri: row.iri}}) {second}SET n += row.properties", rows
    for (name, start, end, keyed), rows in edges.items():
        find = f"MATCH (a:{start} {{iri: row.start}}) MATCH (b:{end} {{iri: row.end}})"
        merge = "MERGE (a)-[r:{0} {{iri: row.iri}}]->(b) SET r += row.properties" if keyed else "MERGE (a)-[r:{0}]->(b)"
        yield f"UNWIND $rows AS row {find} {merge.format(name)}", rows


def _script() -> Any:
    """``scripts/neo4j/server.py`` as a module."""
    spec = importlib.util.spec_from_file_location("neo4j_script", ROOT / "scripts" / "neo4j" / "server.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _print(name: str, value: float, bar: str, unit: str) -> None:
    print(f"{name:58} {value:10.3f} {unit:14} {bar}", flush=True)


def main() -> None:
    """Parse, measure, print."""
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("graph", type=Path, help="a built graph's folder")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    measure(options.graph, _print, rounds=options.rounds)


if __name__ == "__main__":
    main()
