"""The CSV export, imported by the real ``neo4j-admin``."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import kg
from kg.build import graph_id
from kg.cli import main
from kg.engines.neo4j import Connection, LoadReport, Neo4jEngine, connection
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


def import_(importer: Any, folder: Path) -> Connection:
    """Runs the script of an export; where the database then is."""
    importer.kill()
    importer.bulk_import(folder)
    importer.start()
    return connection(uri=importer.uri, password_file=importer.password_file, environment={})


def test_an_import_of_what_the_command_wrote_equals_a_load_of_the_same_graph(
    importer: Any, neo4j: Neo4jEngine, seed_graph: kg.Graph, tmp_path: Path
) -> None:
    written = CliRunner().invoke(
        main, ["export", "neo4j-csv", "--graph", str(seed_graph.folder), "-o", str(tmp_path / "csv")]
    )
    imported = import_(importer, tmp_path / "csv")
    loaded = seed_graph.load_neo4j(neo4j.connection)

    report = seed_graph.load_neo4j(imported, prune=True)
    with Neo4jEngine(imported) as engine:
        assert contents(engine, graph_id(BASE)) == contents(neo4j, graph_id(BASE))
    assert (written.exit_code, written.stdout, report.constraints_added) == (0, "", 12)
    assert report == LoadReport(unchanged=loaded.blocks, constraints_added=12, indexes_added=report.indexes_added)


def test_odd_values_are_imported_as_they_are(importer: Any, tmp_path: Path) -> None:
    write(odd_graph(), tmp_path / "csv")

    with Neo4jEngine(import_(importer, tmp_path / "csv")) as engine:
        assert contents(engine, GRAPH) == expected(odd_graph())


def test_an_export_of_many_files_needs_the_name_of_a_folder(seed_graph: kg.Graph) -> None:
    done = CliRunner().invoke(main, ["export", "neo4j-csv", "--graph", str(seed_graph.folder)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "kg: neo4j-csv is a folder of files: name a folder to write to (-o)\n"


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
