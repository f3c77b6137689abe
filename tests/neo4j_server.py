"""A real Neo4j for tests: one server a session, and an engine on its emptied database.

Without Java or Maven the tests are skipped with the reason; in CI that is a failure.
"""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kg.engines.neo4j import Connection, Neo4jEngine, connection

QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # a short life: half the CPU to start, less memory
EMPTY = "MATCH (node) CALL (node) { DETACH DELETE node } IN TRANSACTIONS OF 5000 ROWS"


def script() -> ModuleType:
    """``scripts/neo4j/server.py`` as a module."""
    path = Path(__file__).parent.parent / "scripts" / "neo4j" / "server.py"
    spec = importlib.util.spec_from_file_location("neo4j_script", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def neo4j_script() -> ModuleType:
    """The module that fetches and runs servers; skips the test where none can be had."""
    module = script()
    if reason := module.missing_tools():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"no Neo4j: {reason}")
    return module


@pytest.fixture(scope="session")
def neo4j_server(neo4j_script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A running server."""
    server = neo4j_script.Server(tmp_path_factory.mktemp("neo4j"), heap="768m", pagecache="128m", java=QUICK)
    server.start()
    yield server
    server.kill()  # its data goes with the test's folder, and a clean stop takes ten seconds


@pytest.fixture
def neo4j_connection(neo4j_server: Any) -> Connection:
    """Where the server is, and its password."""
    return connection(uri=neo4j_server.uri, password_file=neo4j_server.password_file, environment={})


@pytest.fixture
def neo4j(neo4j_server: Any, neo4j_connection: Connection) -> Iterator[Neo4jEngine]:
    """An engine on a database without nodes."""
    neo4j_server.start()  # a test may have killed it
    with Neo4jEngine(neo4j_connection) as engine:
        run(engine, EMPTY)
        yield engine


def run(engine: Neo4jEngine, text: str, **parameters: Any) -> list[dict[str, Any]]:
    """Any Cypher, writing too, past the engine's read-only door."""
    with engine._session("WRITE") as session:
        return [record.data() for record in session.run(text, parameters)]


def contents(engine: Neo4jEngine, graph: str) -> tuple[list[Any], list[Any]]:
    """Every node and every relationship of a graph with labels and properties, sorted."""
    nodes = run(engine, "MATCH (n) WHERE n.graph = $graph RETURN labels(n) AS labels, properties(n) AS it", graph=graph)
    edges = run(
        engine,
        "MATCH (a)-[r]->(b) WHERE a.graph = $graph AND b.graph = $graph "
        "RETURN type(r) AS type, a.iri AS start, b.iri AS end, properties(r) AS it",
        graph=graph,
    )
    return (
        sorted((sorted(n["labels"]), sorted(n["it"].items())) for n in nodes),
        sorted((e["type"], e["start"], e["end"], sorted(e["it"].items())) for e in edges),
    )
