"""The CSV export, imported by the real ``neo4j-admin``."""

from pathlib import Path
from typing import Any

import pytest

from kg.engines.neo4j import LoadReport, Neo4jEngine, connection
from kg.errors import KgError
from kg.exports import neo4j_csv
from kg.model import Block, Edge, Node
from tests.neo4j_graph import BASE, Graph, made
from tests.neo4j_server import QUICK, contents
from tests.test_neo4j import GRAPH, expected

ODD = {
    "name": 'a "quoted" name, with \\ and ; and two\nlines\r\n and \u2028 ends',
    "aliases": ("a;b", 'say ""', "", " spaces ", "naïve 🦙", "C:\\new", ",", '"', "'"),
    "papers": 2**53 + 1,
}


def odd_graph() -> Graph:
    """A graph with all that a CSV file may stumble over."""
    metric = {"name": "1e5", "aliases": ("true",), "papers": -1, "higherIsBetter": False}
    result = {
        "value": 1e-300,
        "valueText": "0.10",
        "text": "=1+1",
        "kind": "delta",
        "comparator": "<",
        "confidence": 1.0,
    }
    blocks = [Block("concept", "M1", (Node("Method", "M1", ODD),), ())]
    blocks.append(Block("concept", "E1", (Node("Metric", "E1", metric),), ()))
    paper = {"title": "\ttabs\t", "status": "ok", "sources": ("x:y",), "categories": ("one",), "abstract": "#" * 50_000}
    reports = Edge("REPORTS", "Paper", "P1", "Result", "R1", "", {})
    blocks.append(Block("paper", "P1", (Node("Paper", "P1", paper), Node("Result", "R1", result)), (reports,)))
    return Graph(blocks)


def write(graph: Graph, folder: Path) -> None:
    hashes = {iri: digest for iri, _, digest in graph.stamps()}
    neo4j_csv.write(graph.blocks.values(), folder, base=BASE, graph=GRAPH, hash_of=lambda block: hashes[block.iri])


@pytest.fixture(scope="module")
def importer(neo4j_script: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server to import into."""
    server = neo4j_script.Server(tmp_path_factory.mktemp("import"), heap="768m", pagecache="128m", java=QUICK)
    yield server
    server.kill()


@pytest.mark.parametrize("graph", [made(40), odd_graph()], ids=["generated", "odd values"])
def test_an_imported_database_equals_the_loaded_one(
    importer: Any, neo4j: Neo4jEngine, graph: Graph, tmp_path: Path
) -> None:
    write(graph, tmp_path / "csv")
    importer.kill()
    importer.bulk_import(tmp_path / "csv")
    importer.start()
    neo4j.load(graph.stamps(), graph.fetch, graph=GRAPH, base=BASE)

    with Neo4jEngine(connection(uri=importer.uri, password_file=importer.password_file, environment={})) as imported:
        assert contents(imported, GRAPH) == contents(neo4j, GRAPH) == expected(graph)
        report = imported.load(graph.stamps(), graph.fetch, graph=GRAPH, base=BASE, prune=True)

    assert (report.constraints_added, report.unchanged) == (12, len(graph.blocks))
    assert report == LoadReport(unchanged=report.unchanged, constraints_added=12, indexes_added=report.indexes_added)


def test_two_exports_of_one_graph_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write(made(5), tmp_path / name)

    first, second = ({f.name: f.read_bytes() for f in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert first == second
    assert {"Paper.csv", "USES.csv", "import.sh", "neo4j.cypher"} < first.keys()


def test_an_earlier_export_is_replaced_and_any_other_folder_refused(tmp_path: Path) -> None:
    write(made(5), tmp_path / "csv")
    write(Graph(made(5).without(*(i for i in made(5).blocks if i[0] == "P")).blocks.values()), tmp_path / "csv")
    assert not (tmp_path / "csv" / "Paper.csv").exists()

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("")
    with pytest.raises(KgError, match="mine holds other files: name a new folder"):
        write(made(1), tmp_path / "mine")
    (tmp_path / "file").write_text("")
    with pytest.raises(KgError, match="file cannot be made"):
        write(made(1), tmp_path / "file")
