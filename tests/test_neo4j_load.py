"""`kg load neo4j` of a real graph: what it writes, what it leaves alone, what it says; and that RDF says the same."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import kg
from kg.build import graph_id
from kg.cli import main
from kg.engines import Iri
from kg.engines.neo4j import Connection, LoadReport, Neo4jEngine
from kg.errors import KgError
from kg.schema import BASE, CONCEPTS, EDGES, NODES, PREFIXES, Property
from kg.store import Store, writing
from tests.neo4j_server import contents, run

GRAPH = graph_id(BASE)
Triple = tuple[str, str, tuple[str, Any]]

PAPERS = """\
{"id": "1", "title": "Bees", "abstract": "We use instrumental variables to study bees.", "authors": ["Ada Bee"]}
{"id": "2", "title": "Wasps", "abstract": "We use ridge regression to study wasps.", "authors": ["Ada Bee"]}
"""


@pytest.fixture
def small(tmp_path: Path) -> kg.Graph:
    """A graph of two papers that a test may change."""
    (tmp_path / "papers.jsonl").write_text(PAPERS, encoding="utf-8")
    graph = kg.open(tmp_path / "graph")
    graph.build(str(tmp_path / "papers.jsonl"), processes=1)
    return graph


def command(graph: kg.Graph, server: Any, *more: str) -> Result:
    where = ("--graph", str(graph.folder), "--uri", server.uri, "--password-file", str(server.password_file))
    return CliRunner().invoke(main, ["load", "neo4j", *where, *more], catch_exceptions=False)


def test_the_command_says_what_it_wrote_and_a_second_load_writes_nothing(
    neo4j: Neo4jEngine, neo4j_server: Any, seed_graph: kg.Graph
) -> None:
    first = command(seed_graph, neo4j_server, "--progress")
    nodes, edges = contents(neo4j, GRAPH)
    total = sum(node["graph"] == GRAPH and "hash" in node for node in (dict(it) for _, it in nodes))

    said = dict(line.split(maxsplit=1) for line in first.stdout.splitlines())
    assert said["blocks"] == f"{total} written, 0 unchanged, 0 removed"
    assert said["nodes"] == f"{len(nodes)} created, 0 deleted"
    assert said["relationships"] == f"{len(edges)} created, 0 deleted"
    assert "neo4j" in first.stderr
    assert seed_graph.load_neo4j(Connection(neo4j_server.uri, password=neo4j_server.password), prune=True) == (
        LoadReport(unchanged=total)
    )


def test_a_removed_paper_goes_with_its_facts_and_other_peoples_papers_stay(
    neo4j: Neo4jEngine, neo4j_server: Any, small: kg.Graph
) -> None:
    mine = "CREATE (:Paper {title: 'mine'})-[:CITES]->(:Paper {title: 'Bees', iri: 'x:1'})-[:NAMES]->(:Concept)"
    run(neo4j, mine)
    theirs = "MATCH (n) WHERE n.graph IS NULL RETURN labels(n) AS l, properties(n) AS p, COUNT {(n)--()} AS edges"
    before = run(neo4j, theirs)
    assert command(small, neo4j_server).exit_code == 0
    assert {"Bees", "Wasps"} <= {dict(it).get("title") for _, it in contents(neo4j, GRAPH)[0]}

    small.remove(["Wasps"])
    pruned = command(small, neo4j_server, "--prune")
    left, _ = contents(neo4j, GRAPH)
    run(neo4j, "MATCH (n {graph: $graph}) DETACH DELETE n", graph=GRAPH)
    command(small, neo4j_server)

    assert re.search(r"[1-9]\d* removed", pruned.stdout)
    assert left == contents(neo4j, GRAPH)[0]
    assert not any("wasps" in str(it).lower() or "ridge" in str(it) for _, it in left)
    assert run(neo4j, theirs) == before


def test_a_graph_that_is_not_built_to_its_end_is_not_loaded(
    neo4j: Neo4jEngine, neo4j_server: Any, small: kg.Graph
) -> None:
    with writing(small.folder), Store(small.folder, write=True) as store, store.transaction():
        store.queue.add("block", next(store.blocks.all()).iri)

    with pytest.raises(KgError, match="not built to its end: run `kg build"):
        small.load_neo4j(Connection(neo4j_server.uri, password=neo4j_server.password))
    assert contents(neo4j, GRAPH) == ([], [])


def test_what_keeps_a_load_from_starting_is_said_in_one_line(
    neo4j_server: Any, neo4j_script: Any, small: kg.Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD", raising=False)
    nobody = f"bolt://127.0.0.1:{neo4j_script.free_port()}"
    wrong = tmp_path / "wrong"
    wrong.write_text("not-the-one")
    arguments = ["load", "neo4j", "--graph", str(small.folder), "--uri"]
    for more, words in [
        ([nobody, "--password-file", str(wrong)], f"Neo4j at {nobody} does not answer"),
        ([neo4j_server.uri, "--password-file", str(wrong)], f"{neo4j_server.uri} refuses user 'neo4j'"),
        ([neo4j_server.uri], "no password for neo4j at"),
        ([neo4j_server.uri, "--password-file", str(tmp_path / "none")], "cannot be read"),
        (["http://localhost"], "such as bolt://localhost:7687"),
    ]:
        done = CliRunner().invoke(main, [*arguments, *more], catch_exceptions=False)
        assert (done.exit_code, done.stdout) == (1, ""), more
        assert words in done.stderr
        assert "not-the-one" not in done.stderr


def test_without_the_driver_the_extra_is_named(small: kg.Graph) -> None:
    code = f"""
import sys
sys.modules["neo4j"] = None
from kg.cli import main
main(["load", "neo4j", "--graph", {str(small.folder)!r}])
"""
    environment = {**os.environ, "NEO4J_PASSWORD": "p"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert done.stderr.strip() == "kg: the neo4j package is not installed: pip install 'paperkg[neo4j]'"


def test_at_a_terminal_the_password_is_asked_for_and_not_shown(
    neo4j: Neo4jEngine, neo4j_server: Any, small: kg.Graph
) -> None:
    master, terminal = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k != "NEO4J_PASSWORD"}
    process = subprocess.Popen(
        [sys.executable, "-m", "kg.cli", "load", "neo4j", "--graph", small.folder, "--uri", neo4j_server.uri],
        stdin=terminal,
        stdout=subprocess.PIPE,
        stderr=terminal,
        env=environment,
        start_new_session=True,
    )
    os.close(terminal)
    shown = read_until(master, b": ")
    os.write(master, neo4j_server.password.encode() + b"\n")
    said, _ = process.communicate(timeout=60)
    shown += read_until(master, b"never")

    assert process.returncode == 0
    assert f"Password of neo4j at {neo4j_server.uri}" in shown.decode()
    assert neo4j_server.password not in shown.decode() + said.decode()
    assert contents(neo4j, GRAPH)[0]


def read_until(terminal: int, mark: bytes) -> bytes:
    """What a terminal shows, up to a mark or its end."""
    shown = b""
    while mark not in shown:
        try:
            shown += os.read(terminal, 1024)
        except OSError:  # nobody has the other end open any longer
            break
    return shown


def test_rdf_and_neo4j_hold_the_same_nodes_edges_and_properties(
    neo4j: Neo4jEngine, neo4j_server: Any, seed_graph: kg.Graph
) -> None:
    seed_graph.load_neo4j(Connection(neo4j_server.uri, password=neo4j_server.password))
    nodes, edges = contents(neo4j, GRAPH)

    in_neo4j = {*node_triples(nodes), *edge_triples(edges)}
    in_rdf = set(rdf_triples(seed_graph))

    assert in_rdf - in_neo4j == set()
    assert in_neo4j - in_rdf == set()
    assert {label for labels, _ in nodes for label in labels} == {*NODES, "Concept"}
    assert {edge[0] for edge in edges} <= EDGES.keys()


def rdf_triples(graph: kg.Graph) -> Iterator[Triple]:
    """All that the SPARQL engine holds, but for replaced IRIs, which only RDF has."""
    with Store(graph.folder) as store:
        for subject, predicate, value in graph.engine(store).query("SELECT ?s ?p ?o WHERE { ?s ?p ?o }").rows:
            if predicate != expand("dcterms:isReplacedBy"):
                yield str(subject), str(predicate), typed(value)


def node_triples(nodes: list[Any]) -> Iterator[Triple]:
    """Nodes as the rule of the graph says that RDF has them: a class a label, a triple a value."""
    for labels, properties in nodes:
        (label,) = set(labels) - {"Concept"}
        assert ("Concept" in labels) == (label in CONCEPTS)
        own = dict(properties)
        iri = own.pop("iri")
        for term in (*(f"kg:{one}" for one in labels), *NODES[label].classes):
            yield iri, expand("rdf:type"), ("Iri", expand(term))
        yield from property_triples(iri, {k: v for k, v in own.items() if k not in ("graph", "hash")}, NODES[label][2])


def edge_triples(edges: list[Any]) -> Iterator[Triple]:
    """Relationships by the same rule: one triple, and a statement where the type has properties."""
    for name, start, end, properties in edges:
        kind, own = EDGES[name], dict(properties)
        yield start, expand(kind.term), ("Iri", end)
        assert bool(own) == bool(kind.statement)
        if kind.statement:
            iri = own.pop("iri")
            yield iri, expand("rdf:type"), ("Iri", expand(kind.statement))
            yield iri, expand("kg:from"), ("Iri", start)
            yield iri, expand("kg:to"), ("Iri", end)
            yield from property_triples(iri, own, kind.properties)


def property_triples(iri: str, properties: dict[str, Any], known: Any) -> Iterator[Triple]:
    for name, value in properties.items():
        kind: Property = known[name]
        assert isinstance(value, list) == kind.many
        for one in value if kind.many else [value]:
            yield iri, expand(kind.term), typed(one)


def typed(value: Any) -> tuple[str, Any]:
    """A value with its type, so that 1 is not 1.0 and an IRI is not its text."""
    return ("Iri", str(value)) if isinstance(value, Iri) else (type(value).__name__, value)


def expand(term: str) -> str:
    prefix, _, local = term.partition(":")
    return PREFIXES[prefix] + local
