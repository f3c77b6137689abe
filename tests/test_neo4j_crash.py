"""A Neo4j that is killed and comes back while a graph is loaded."""

import random
import threading
from typing import Any

import pytest

import kg
from kg import graph as stream
from kg.engines.neo4j import Connection, LoadReport, Neo4jEngine
from kg.errors import EngineError
from kg.model import Block
from kg.store import Store
from tests.neo4j_graph import BASE, Graph
from tests.neo4j_server import contents
from tests.test_neo4j import GRAPH, expected

KILLS = 10


def load(engine: Neo4jEngine, graph: Graph, progress: Any = None) -> LoadReport:
    return engine.load(graph.stamps(), graph.fetch, graph=GRAPH, base=BASE, prune=True, rows=400, progress=progress)


@pytest.fixture(scope="module")
def versions(seed_graph: kg.Graph) -> tuple[Graph, Graph]:
    """The graph of the sample documents, and one where every paper differs, so that there is always much to load."""
    with Store(seed_graph.folder) as store:
        first = Graph(stream.blocks(store))
    return first, first.with_(*(shortened(b) for b in first.blocks.values() if b.kind == "paper"))


def shortened(paper: Block) -> Block:
    """A paper under another title, without its last sentence and all that stands there."""
    head, last = paper.nodes[0], [node.iri for node in paper.nodes if node.label == "Sentence"][-1]
    nodes = [head._replace(properties={**head.properties, "title": "Another"}), *paper.nodes[1:]]
    edges = [edge for edge in paper.edges if last not in (edge.start, edge.end)]
    return paper._replace(nodes=tuple(n for n in nodes if n.iri != last), edges=tuple(edges))


def killed_after(server: Any, delay: float, begun: threading.Event) -> threading.Thread:
    def kill() -> None:
        begun.wait(60)
        threading.Event().wait(delay)
        server.kill()

    thread = threading.Thread(target=kill)
    thread.start()
    return thread


def test_after_ten_kills_the_next_load_makes_the_database_equal_to_an_undisturbed_one(
    neo4j: Neo4jEngine, neo4j_server: Any, neo4j_connection: Connection, versions: tuple[Graph, Graph]
) -> None:
    moments, graphs, cut_short = random.Random(5), versions, 0
    for number in range(KILLS):
        neo4j_server.start()
        begun = threading.Event()
        thread = killed_after(neo4j_server, moments.uniform(0, 1.2), begun)
        with Neo4jEngine(neo4j_connection, patience=0.1) as engine:
            try:
                load(engine, graphs[number % 2], lambda done, total: begun.set())  # noqa: B023
            except EngineError:
                cut_short += 1
        thread.join()
    neo4j_server.start()

    report = load(neo4j, graphs[0])

    assert contents(neo4j, GRAPH) == expected(graphs[0])
    assert load(neo4j, graphs[0]) == LoadReport(unchanged=report.blocks + report.unchanged)
    assert cut_short >= KILLS // 2


def test_a_load_waits_for_a_server_that_comes_back_and_goes_on(
    neo4j: Neo4jEngine, neo4j_server: Any, neo4j_connection: Connection, versions: tuple[Graph, Graph]
) -> None:
    graph, threads = versions[0], []

    def progress(done: int, total: int) -> None:
        if done and not threads:
            neo4j_server.kill()  # while a transaction is under way
            threads.append(threading.Thread(target=neo4j_server.start))
            threads[0].start()

    with Neo4jEngine(neo4j_connection, patience=120) as engine:
        load(engine, graph, progress)
    threads[0].join()

    assert contents(neo4j, GRAPH) == expected(graph)


@pytest.fixture(autouse=True)
def _leave_it_running(neo4j_server: Any) -> Any:
    yield
    neo4j_server.start()
