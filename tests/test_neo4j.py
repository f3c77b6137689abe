"""The Neo4j engine against a real server."""

import json
import re
import threading
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from kg.engines import Iri
from kg.engines.neo4j import Connection, LoadReport, Neo4jEngine, connection, schema_statements
from kg.errors import EngineError, QueryError, QueryTimeoutError
from kg.model import Block, Node
from kg.schema import CONCEPTS, NODES
from tests import sample_blocks as sample
from tests.neo4j_graph import BASE, Graph, made
from tests.neo4j_server import contents, run

GRAPH = "g1"


def load(engine: Neo4jEngine, graph: Graph, *, prune: bool = True, name: str = GRAPH, rows: int = 2000) -> LoadReport:
    return engine.load(graph.stamps(), graph.fetch, graph=name, base=BASE, prune=prune, rows=rows)


def expected(graph: Graph) -> tuple[list[Any], list[Any]]:
    """What the database must hold, by the rule of the graph: made from the blocks and nothing else."""
    hashes = {iri: digest for iri, _, digest in graph.stamps()}
    nodes, edges = [], []
    for block in graph.blocks.values():
        for node in block.nodes:
            properties = {k: list(v) if isinstance(v, tuple) else v for k, v in node.properties.items()}
            own = {"iri": BASE + node.iri, "graph": GRAPH} | (
                {"hash": hashes[node.iri]} if node.iri == block.iri else {}
            )
            labels = [node.label, "Concept"] if node.label in CONCEPTS else [node.label]
            nodes.append((sorted(labels), sorted((properties | own).items())))
        for edge in block.edges:
            key = {"iri": BASE + edge.iri} if edge.iri else {}
            edges.append((edge.type, BASE + edge.start, BASE + edge.end, sorted((edge.properties | key).items())))
    return sorted(nodes), sorted(edges)


def paper_with_other_name_for(block: Block, title: str) -> Block:
    head = block.nodes[0]
    return block._replace(nodes=(head._replace(properties={**head.properties, "title": title}), *block.nodes[1:]))


def test_a_load_writes_every_node_edge_and_property_of_the_blocks(neo4j: Neo4jEngine) -> None:
    graph = made(60)
    nodes, edges = graph.size()

    report = load(neo4j, graph)

    assert contents(neo4j, GRAPH) == expected(graph)
    assert (report.nodes_created, report.relationships_created, report.blocks) == (nodes, edges, len(graph.blocks))


def test_a_second_load_shows_all_counters_at_zero(neo4j: Neo4jEngine) -> None:
    graph = made(30)
    load(neo4j, graph)

    assert load(neo4j, graph) == LoadReport(unchanged=len(graph.blocks))


def test_the_order_in_which_blocks_are_named_does_not_matter(neo4j: Neo4jEngine) -> None:
    graph = made(20)

    load(neo4j, Graph(reversed(graph.blocks.values())))

    assert contents(neo4j, GRAPH) == expected(graph)


def test_a_changed_paper_loses_what_it_no_longer_holds_and_only_that(neo4j: Neo4jEngine) -> None:
    graph = made(20)
    load(neo4j, graph)
    changed = graph.with_(sample.paper(3, version=1, concepts=300))
    node = changed.blocks[sample.paper_iri(4)].nodes[0]
    without_date = node._replace(
        properties={k: v for k, v in node.properties.items() if k not in ("date", "categories")}
    )
    changed = changed.with_(Block("paper", node.iri, (without_date,), ()))

    report = load(neo4j, changed, prune=False)

    assert contents(neo4j, GRAPH) == expected(changed)
    assert (report.blocks, report.unchanged) == (2, len(graph.blocks) - 2)


def test_a_relationship_that_moves_to_another_end_under_its_iri_leaves_the_old_one(neo4j: Neo4jEngine) -> None:
    graph = made(3)
    load(neo4j, graph)
    block = graph.blocks[sample.paper_iri(0)]
    other = {label: next(b.iri for b in graph.blocks.values() if b.nodes[0].label == label) for label in CONCEPTS}
    moved = [e._replace(end=other[e.end_label]) if e.type == "NAMES" else e for e in block.edges]
    changed = graph.with_(block._replace(edges=tuple(moved)))

    load(neo4j, changed)

    assert contents(neo4j, GRAPH) == expected(changed)


def test_a_paper_that_was_removed_goes_with_its_facts_and_orphans(neo4j: Neo4jEngine) -> None:
    graph = made(10)
    load(neo4j, graph)
    smaller = graph.without(sample.paper_iri(2), sample.paper_iri(7))

    kept = load(neo4j, smaller, prune=False)
    assert contents(neo4j, GRAPH) == expected(graph)
    assert kept == LoadReport(unchanged=len(smaller.blocks))

    report = load(neo4j, smaller)
    assert contents(neo4j, GRAPH) == expected(smaller)
    assert report.removed == 2


def test_pruning_everything_leaves_other_peoples_nodes_as_they_were(neo4j: Neo4jEngine) -> None:
    run(neo4j, "CREATE (:Paper {title: 'mine'})-[:CITES]->(:Paper {title: 'too', graph: 'other', iri: 'x:1'})")
    graph = made(5)
    load(neo4j, graph)
    paper = BASE + sample.paper_iri(1)
    run(neo4j, "MATCH (p:Paper {iri: $iri}) CREATE (p)<-[:TAGGED]-(:Tag {name: 'read me'}) SET p.rating = 5", iri=paper)

    load(neo4j, graph.with_(paper_with_other_name_for(graph.blocks[sample.paper_iri(1)], "another title")))
    assert run(neo4j, "MATCH (:Tag)-[:TAGGED]->(p) RETURN p.title AS title, p.rating AS rating") == [
        {"title": "another title", "rating": 5}
    ]

    load(neo4j, Graph([]))
    rows = run(neo4j, "MATCH (n) RETURN labels(n) AS labels, coalesce(n.title, n.name) AS it ORDER BY it")
    assert rows == [
        {"labels": ["Paper"], "it": "mine"},
        {"labels": ["Tag"], "it": "read me"},
        {"labels": ["Paper"], "it": "too"},
    ]


def test_an_iri_that_belongs_to_another_graph_is_refused_and_left_alone(neo4j: Neo4jEngine) -> None:
    graph = made(2)
    load(neo4j, graph, name="theirs")
    before = contents(neo4j, "theirs")

    with pytest.raises(EngineError, match=r"belongs to graph 'theirs', not to 'g1': load into another database"):
        load(neo4j, graph)

    assert contents(neo4j, "theirs") == before


def test_two_graphs_with_bases_of_their_own_live_side_by_side(neo4j: Neo4jEngine) -> None:
    graph = made(4)
    load(neo4j, graph)
    neo4j.load(graph.stamps(), graph.fetch, graph="g2", base="https://example.org/kg/", prune=True)
    neo4j.load([], graph.fetch, graph="g2", base="https://example.org/kg/", prune=True)

    assert contents(neo4j, GRAPH) == expected(graph)
    assert contents(neo4j, "g2") == ([], [])


def test_a_relationship_without_its_end_is_an_error_and_nothing_of_its_group_is_written(neo4j: Neo4jEngine) -> None:
    paper = sample.paper(0, concepts=300)

    with pytest.raises(EngineError, match="end at nodes that are not there"):
        load(neo4j, Graph([paper]))

    assert contents(neo4j, GRAPH) == ([], [])


def test_a_load_that_was_stopped_half_way_goes_on_from_there(neo4j: Neo4jEngine) -> None:
    graph = made(40)
    seen = count()

    def stop(done: int, total: int) -> None:
        if next(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        neo4j.load(graph.stamps(), graph.fetch, graph=GRAPH, base=BASE, rows=500, progress=stop)
    report = load(neo4j, graph)

    assert 0 < report.unchanged < len(graph.blocks)
    assert contents(neo4j, GRAPH) == expected(graph)


def test_progress_ends_at_the_number_of_changed_blocks(neo4j: Neo4jEngine) -> None:
    graph, told = made(20), []
    neo4j.load(graph.stamps(), graph.fetch, graph=GRAPH, base=BASE, rows=300, progress=lambda *at: told.append(at))

    assert told == sorted(told)
    assert told[-1] == (len(graph.blocks), len(graph.blocks))


def test_two_loads_at_the_same_time_give_one_graph(neo4j: Neo4jEngine, neo4j_connection: Connection) -> None:
    graph, failures = made(60), []

    def one() -> None:
        try:
            with Neo4jEngine(neo4j_connection) as engine:
                load(engine, graph, rows=500)
        except EngineError as error:
            failures.append(error)

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert contents(neo4j, GRAPH) == expected(graph)


def test_a_query_gives_columns_rows_and_nodes_as_their_iri(neo4j: Neo4jEngine) -> None:
    load(neo4j, made(3))
    iri = BASE + sample.paper_iri(1)
    text = (
        "MATCH (p:Paper {iri: $iri}) RETURN p, p.year AS year, p.doi AS doi, p.moreAuthors AS more, p.categories AS c"
    )

    answer = neo4j.query(text, parameters={"iri": iri})

    assert answer == (("p", "year", "doi", "more", "c"), [(iri, 2023, None, False, '["cs.CL", "cs.LG"]')])
    assert isinstance(answer.rows[0][0], Iri)


def test_a_relationship_and_a_path_come_as_json(neo4j: Neo4jEngine) -> None:
    run(neo4j, "CREATE (:A {n: 1})-[:TO {since: date('2024-02-03')}]->(:B {iri: 'x:b'})")

    relationship, nodes = neo4j.query("MATCH (a:A)-[r]->(b) RETURN r, [a, b] AS l").rows[0]
    start, end = {"labels": ["A"], "n": 1}, {"labels": ["B"], "iri": "x:b"}

    assert json.loads(str(relationship)) == {"type": "TO", "start": start, "end": "x:b", "since": "2024-02-03"}
    assert json.loads(str(nodes)) == [start, end]


@pytest.mark.parametrize(
    "text",
    [
        "CREATE (:Paper)",
        "MATCH (n) DETACH DELETE n",
        "MATCH (n) SET n.x = 1 RETURN n",
        "CREATE INDEX x FOR (n:A) ON (n.b)",
        "CALL db.createLabel('X')",
        "PROFILE CREATE (:Paper)",
        "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS",
    ],
)
def test_an_attempt_to_write_is_refused(neo4j: Neo4jEngine, text: str) -> None:
    run(neo4j, "CREATE (:Mine)")

    with pytest.raises(QueryError):
        neo4j.query(text)

    assert run(neo4j, "MATCH (n) RETURN labels(n) AS l, properties(n) AS p") == [{"l": ["Mine"], "p": {}}]


def test_a_mistake_is_shown_at_its_place_in_the_authors_own_lines(neo4j: Neo4jEngine) -> None:
    with pytest.raises(QueryError, match=re.escape("line 2, column 8: Variable `b` not defined\n  RETURN b")):
        neo4j.query("MATCH (a)\nRETURN b")
    with pytest.raises(QueryError, match=r"Expected parameter\(s\): p"):
        neo4j.query("RETURN $p")


def test_a_query_is_stopped_at_its_time_limit(neo4j: Neo4jEngine) -> None:
    with pytest.raises(QueryTimeoutError, match=r"stopped at its time limit of 0.5 s"):
        neo4j.query("UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN sum(a * b)", timeout=0.5)


def test_a_wrong_password_is_told_without_it(neo4j_connection: Connection) -> None:
    wrong = Connection(neo4j_connection.uri, "neo4j", None, "not-the-one")
    with Neo4jEngine(wrong) as engine, pytest.raises(EngineError, match="refuses user 'neo4j'") as caught:
        engine.query("RETURN 1")
    assert "not-the-one" not in f"{caught.value} {wrong!r}"


def test_a_server_that_is_not_there_is_named(neo4j_script: Any) -> None:
    uri = f"bolt://127.0.0.1:{neo4j_script.free_port()}"
    with (
        Neo4jEngine(Connection(uri, password="x")) as engine,
        pytest.raises(EngineError, match=f"{uri} does not answer"),
    ):
        engine.query("RETURN 1")


def test_a_database_that_is_not_there_is_named(neo4j_connection: Connection) -> None:
    other = Connection(neo4j_connection.uri, "neo4j", "nowhere", neo4j_connection.password)
    with Neo4jEngine(other) as engine, pytest.raises(EngineError, match="database nowhere refused"):
        engine.load([], lambda iris: [], graph=GRAPH, base=BASE)


@pytest.mark.parametrize("uri", ["nonsense", "http://localhost:7474", "bolt://"])
def test_an_address_that_is_none_is_refused_with_one_that_is(uri: str) -> None:
    with pytest.raises(EngineError, match=f"'{uri}' is not the address .* such as bolt://localhost:7687"):
        connection(uri=uri, environment={"NEO4J_PASSWORD": "p"})


def test_the_connection_comes_from_options_then_the_environment(tmp_path: Path) -> None:
    environment = {"NEO4J_URI": "bolt://a", "NEO4J_USERNAME": "u", "NEO4J_DATABASE": "d", "NEO4J_PASSWORD": "p"}
    file = tmp_path / "secret"
    file.write_text("from a file\n")

    assert connection(environment=environment) == Connection("bolt://a", "u", "d", "p")
    assert connection(uri="bolt://b", user="v", database="e", password_file=file, environment=environment) == (
        Connection("bolt://b", "v", "e", "from a file")
    )
    assert (
        connection(environment={}, ask=lambda prompt: prompt).password == "Password of neo4j at neo4j://localhost:7687"
    )
    with pytest.raises(EngineError, match="set NEO4J_PASSWORD or name a file"):
        connection(environment={})
    with pytest.raises(EngineError, match="cannot be read"):
        connection(password_file=tmp_path / "none", environment={})


def test_the_schema_file_has_a_constraint_for_every_label_and_indexes_for_what_is_asked(neo4j: Neo4jEngine) -> None:
    load(neo4j, Graph([]))
    constraints = run(neo4j, "SHOW CONSTRAINTS YIELD labelsOrTypes AS l, properties AS p, type AS t RETURN l, p, t")
    indexes = run(
        neo4j, "SHOW INDEXES YIELD labelsOrTypes AS l, properties AS p, type AS t WHERE t <> 'LOOKUP' RETURN l, p, t"
    )
    unique = {row["l"][0] for row in constraints if (row["p"], row["t"]) == (["iri"], "UNIQUENESS")}
    words = {(label, name) for row in indexes if row["t"] == "FULLTEXT" for label in row["l"] for name in row["p"]}
    ranges = {(label, name) for row in indexes if row["t"] == "RANGE" for label in row["l"] for name in row["p"]}

    named = {
        (label, name) for label in NODES for name in NODES[label].properties if name in ("name", "aliases", "title")
    }
    assert unique == {*NODES, "Concept"}
    assert words == named - {("Reader", "name")}
    assert ranges - {(label, "iri") for label in unique} >= {
        ("Paper", "date"), ("Paper", "year"), ("Result", "value"), ("Quantity", "value")
    }  # fmt: skip
    for label, name in ranges - {(label, "iri") for label in unique} - {("Concept", "name")}:
        assert name in NODES[label].properties
    assert len(schema_statements()) == len(unique) + 2 + len(ranges) - len(unique)


def test_names_aliases_and_titles_are_found_by_their_words(neo4j: Neo4jEngine) -> None:
    load(
        neo4j,
        Graph(
            [
                Block(
                    "concept",
                    "M1",
                    (Node("Method", "M1", {"name": "ridge", "aliases": ("L2 loss",), "papers": 1}),),
                    (),
                )
            ]
        ),
    )
    run(neo4j, "CALL db.awaitIndexes(60)")

    found = neo4j.query("CALL db.index.fulltext.queryNodes('kg_names', 'l2') YIELD node RETURN node.name")

    assert found.rows == [("ridge",)]
