"""Cypher without a server: the projection, queries on it, and both ways in."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import kg
from kg.cli import main
from kg.engines import Iri
from kg.engines.cypher import CypherEngine, rebuild
from kg.engines.cypher_text import refuse_files
from kg.engines.neo4j import Neo4jEngine
from kg.errors import EngineError, KgError, QueryError, QueryTimeoutError
from kg.model import Block, Node
from kg.questions import saved
from kg.questions.saved import PLACE
from kg.schema import CONCEPTS
from kg.store import Store
from tests import parity_graph
from tests.neo4j_graph import Graph

BASE = "https://example.org/made/"
FOREVER = "MATCH (a:Sentence) MATCH (b:Sentence) MATCH (c:Sentence) MATCH (d:Sentence) RETURN max(a.text + d.text)"
HOSTILE = ("['Oslo']", '["Oslo"]', '{"a": 1}', "2020-01-01", "1", "true", "", " ", "null", "é\U0001f600", "a\nb", "$x")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> CypherEngine:
    file = tmp_path_factory.mktemp("cypher") / "graph.kgl"
    rebuild(file, parity_graph.blocks(), BASE)
    return CypherEngine(file, base=BASE)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory, seeds: list[str]) -> str:
    folder = tmp_path_factory.mktemp("graph") / "graph"
    kg.open(folder).build(seeds, processes=1)
    return str(folder)


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin, catch_exceptions=False)


def test_the_projection_holds_every_node_edge_and_property_of_the_blocks(engine: CypherEngine) -> None:
    nodes, edges = [], []
    for block in parity_graph.blocks():
        for node in block.nodes:
            properties = {name: list(v) if isinstance(v, tuple) else v for name, v in node.properties.items()}
            labels = [node.label, "Concept"] if node.label in CONCEPTS else [node.label]
            nodes.append((labels, {**properties, "iri": BASE + node.iri}))
        for edge in block.edges:
            key = {"iri": BASE + edge.iri} if edge.iri else {}
            own = {"type": edge.type, **edge.properties, **key}  # properties(r) has the type with this library
            edges.append((BASE + edge.start, BASE + edge.end, own))
    found = engine.query("MATCH (n) RETURN labels(n) AS labels, properties(n) AS it").rows
    assert _sorted((json.loads(str(labels)), json.loads(str(it))) for labels, it in found) == _sorted(nodes)
    found = engine.query("MATCH (a)-[r]->(b) RETURN a.iri AS a, b.iri AS b, properties(r) AS it").rows
    assert _sorted((a, b, json.loads(str(it))) for a, b, it in found) == _sorted(edges)


def test_a_text_that_looks_like_something_else_stays_a_text(tmp_path: Path) -> None:
    odd = []
    for number, text in enumerate(HOSTILE):
        node = Node("Paper", parity_graph.key("Paper", number), {"title": text, "sources": (text, text)})
        odd.append(Block("paper", node.iri, (node,), ()))
    rebuild(tmp_path / "odd.kgl", odd, BASE)
    with CypherEngine(tmp_path / "odd.kgl", base=BASE) as engine:
        for text in HOSTILE:
            where = "MATCH (p:Paper) WHERE p.title = $text AND $text IN p.sources RETURN p.title AS title"
            assert engine.query(where, parameters={"text": text}).rows == [(text,)]


def test_cells_are_values_iris_or_json(engine: CypherEngine) -> None:
    rows = engine.query(
        "MATCH (c:Metric {name: 'ab'}) RETURN c, c.papers AS papers, c.name AS name, c.nope AS nope, [1, 'x'] AS list, "
        "{a: [true, null]} AS map, [c] AS nodes, date('2020-02-03') AS date"
    )
    key = BASE + parity_graph.key("Metric", "ab")
    ((node, papers, name, nope, *more),) = rows.rows
    assert (node, type(node), type(papers), name, nope) == (key, Iri, int, "ab", None)
    within = {"labels": ["Concept", "Metric"], "iri": key, "name": "ab", "papers": papers, "higherIsBetter": False}
    assert [json.loads(str(cell)) for cell in more] == [[1, "x"], {"a": [True, None]}, [within], "2020-02-03"]


def test_a_path_and_a_relationship_come_as_json_with_the_iris_of_their_ends(engine: CypherEngine) -> None:
    text = "MATCH path = (a:Metric)-[r:BROADER]->(b:Metric {name: 'a'}) RETURN path, r LIMIT 1"
    ((path, relationship),) = engine.query(text).rows
    ends = [BASE + parity_graph.key("Metric", name) for name in ("\U0001f600 smile", "a")]
    alone = {"type": "BROADER", "start": json.loads(str(relationship))["start"], "end": ends[1]}
    assert json.loads(str(relationship)) == alone
    start, between, end = json.loads(str(path))
    assert (start["iri"], between, end["iri"]) == (alone["start"], alone, ends[1])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("CREATE (n:Paper)", "the query writes, and queries only read"),
        ("MATCH (n:Paper) SET n.title = 'x'", "the query writes"),
        ("MATCH (n) DETACH DELETE n", "the query writes"),
        ("CREATE INDEX FOR (n:Paper) ON (n.title)", "the query writes"),
        ("MATCH (n:Paper RETURN n", r"line 1, col \d+"),
        ("MATCH (n:Paper) RETURN nothing(n)", "nothing"),
        ("RETURN $missing", "missing"),
        ("MATCH (n:Paper) RETURN n.title AS t FORMAT CSV", "FORMAT CSV is refused"),
        ("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", "line 1: LOAD CSV is refused"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_reason(engine: CypherEngine, text: str, message: str) -> None:
    with pytest.raises(QueryError, match=message):
        engine.query(text, timeout=10)
    assert engine.query("MATCH (n:Paper) RETURN count(n) AS n").rows == [(60,)]


@pytest.mark.parametrize(
    "text",
    [
        "LOAD CSV FROM 'x' AS y RETURN y",
        "MATCH (n)\n load  csv WITH HEADERS FROM 'x' AS y RETURN y",
        "LOAD /* a comment */ CSV FROM 'x' AS y RETURN y",
        "LOAD // a comment\nCSV FROM 'x' AS y RETURN y",
        r"L\u004FAD CSV FROM 'x' AS y RETURN y",
    ],
)
def test_reading_files_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(QueryError, match=r"line \d: LOAD CSV is refused"):
        refuse_files(text)


@pytest.mark.parametrize(
    "text", ["RETURN 'LOAD CSV' AS x", 'RETURN "a \\" LOAD CSV"', "RETURN 1 // LOAD CSV", "RETURN 1 AS `LOAD CSV`"]
)
def test_words_in_texts_names_and_comments_are_no_commands(text: str) -> None:
    refuse_files(text)


def test_a_query_is_stopped_at_its_time_limit_and_the_next_one_runs(engine: CypherEngine) -> None:
    with pytest.raises(QueryTimeoutError, match=r"stopped at its time limit of 0\.5 s"):
        engine.query(FOREVER, timeout=0.5)
    assert engine.query("RETURN 1 AS one", timeout=0.5).rows == [(1,)]


def test_a_projection_that_cannot_be_written_or_read_is_said_with_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "broken.kgl"
    broken.write_bytes(b"no graph")
    with pytest.raises(EngineError, match=r"broken\.kgl: the Cypher projection cannot be read"):
        CypherEngine(broken, base=BASE)
    twice = [parity_graph.blocks()[0]] * 2
    with pytest.raises(EngineError, match=r"twice\.kgl: the Cypher projection could not be written: .*already exists"):
        rebuild(tmp_path / "twice.kgl", twice, BASE)
    assert [file.name for file in tmp_path.iterdir()] == ["broken.kgl"]


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "kglite", None)
    with pytest.raises(EngineError, match=re.escape("pip install 'paperkg[cypher]'")):
        CypherEngine(tmp_path / "x.kgl", base=BASE)


def test_hints_of_the_library_are_not_printed(graph: str) -> None:
    code = f"import kg; kg.open({graph!r}).query('MATCH (n:Nothing) RETURN n.x AS x', engine='cypher')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_an_answer_is_the_same_from_each_engine(graph: str) -> None:
    with kg.open(graph) as opened:
        for question in ("which papers use IV regression?", "how many papers use causal inference?"):
            first, second = opened.ask(question), opened.ask(question, engine="cypher")
            assert (first.rows, first.count, first.notes) == (second.rows, second.count, second.notes)
            assert first.rows


def test_the_projection_is_written_once_and_again_when_the_graph_has_changed(tmp_path: Path) -> None:
    record = {"title": "Bees and Instruments", "abstract": "We use instrumental variables to study bees."}
    papers, folder = tmp_path / "papers.jsonl", tmp_path / "graph"
    for number in (1, 2):
        with papers.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**record, "id": str(number), "title": f"{record['title']} {number}"}) + "\n")
        with kg.open(folder) as opened:
            opened.build([str(papers)], processes=1)
            for _ in range(2):
                answer = opened.ask("which papers use IV regression?", engine="cypher")
                assert len(answer.rows) == number
        (file_now,) = (folder / "cypher").iterdir()
        assert file_now.suffix == ".kgl"


def test_a_graph_that_was_never_built_to_its_end_is_refused(tmp_path: Path) -> None:
    with Store(tmp_path, write=True) as store:
        store.set("base", BASE)
    with pytest.raises(KgError, match="is not built to its end: run `kg build"):
        kg.open(tmp_path).query("statistics", engine="cypher")


def test_the_command_line_runs_saved_questions_files_and_stdin_in_cypher(graph: str, tmp_path: Path) -> None:
    asked = run("ask", "which papers use IV regression?", "--graph", graph, "--engine", "cypher", "--json")
    assert (
        json.loads(asked.stdout)["rows"]
        == json.loads(run("ask", "which papers use IV regression?", "--graph", graph, "--json").stdout)["rows"]
    )
    named = run("query", "statistics", "--graph", graph, "--engine", "cypher", "--csv")
    assert "Paper,92" in named.stdout.splitlines()
    own = tmp_path / "mine.cypher"
    own.write_text("// param year: year\nMATCH (p:Paper) WHERE p.year = $year RETURN count(p) AS n", encoding="utf-8")
    filed = run("query", str(own), "-p", "year=2023", "--graph", graph, "--engine", "cypher", "--csv")
    assert filed.stdout.splitlines()[0] == "n"
    assert int(filed.stdout.splitlines()[1]) > 0
    own.write_text("// question: wrong\n\nMATCH (p:Paper)\nRETURN p.title AS", encoding="utf-8")
    wrong = run("query", str(own), "--graph", graph, "--engine", "cypher")
    assert "line 4" in wrong.stderr
    piped = run("query", "-", "--graph", graph, "--engine", "cypher", stdin="MATCH (p:Paper) SET p.x = 1")
    assert (piped.exit_code, piped.stderr) == (1, "kg: the query writes, and queries only read\n")
    stopped = run("query", "-", "--graph", graph, "--engine", "cypher", "--timeout", "0.2", stdin=FOREVER + " ")
    assert stopped.exit_code == 4


def test_where_a_server_is_can_be_said_for_neo4j_only(graph: str) -> None:
    refused = run("query", "statistics", "--graph", graph, "--uri", "bolt://localhost:7687")
    assert refused.exit_code == 2
    assert "--uri says where a Neo4j server is: it needs --engine neo4j" in refused.stderr


def test_an_unknown_engine_is_refused_with_the_known(graph: str) -> None:
    with pytest.raises(KgError, match="unknown engine 'gremlin': known are cypher, neo4j, sparql"):
        kg.open(graph).query("statistics", engine="gremlin")


def test_the_command_line_asks_a_server_and_says_when_it_holds_nothing_of_the_graph(
    graph: str, neo4j: Neo4jEngine, neo4j_server: Any
) -> None:
    where = ["--graph", graph, "--engine", "neo4j", "--uri", neo4j_server.uri]
    where += ["--password-file", str(neo4j_server.password_file)]
    empty = run("ask", "which papers use IV regression?", *where)
    assert empty.exit_code == 1
    assert "holds no paper of this graph: run `kg load neo4j` first" in empty.stderr

    kg.open(graph).load_neo4j(neo4j.connection)
    asked = run("ask", "which papers use IV regression?", "--json", *where)
    here = run("ask", "which papers use IV regression?", "--json", "--graph", graph)
    assert json.loads(asked.stdout)["rows"] == json.loads(here.stdout)["rows"] != []
    query = json.loads(asked.stdout)["query"]
    key = "https://w3id.org/paperkg/M"
    assert re.match(rf'// :param concept => \["{key}[0-9a-f]+"\]\n// :param role => \["PROPOSES", "USES"\]', query)
    assert "MATCH (anchor:Concept) WHERE anchor.iri IN $concept" in query
    piped = run("query", "-", *where, stdin="MATCH (p:Paper) SET p.x = 1")
    assert (piped.exit_code, piped.stderr.split(":")[1]) == (1, " the query writes, and queries only read")
    refused = run("query", "-", *where, stdin="LOAD CSV FROM 'file:///x' AS l RETURN l")
    assert (refused.exit_code, "LOAD CSV is refused" in refused.stderr) == (1, True)


@pytest.mark.parametrize("name", saved())
def test_a_saved_query_keeps_to_what_all_engines_share(name: str) -> None:
    question = saved()[name]
    text = question.queries["cypher"]
    body = "\n".join(line for line in text.splitlines() if not line.startswith("//"))
    assert set(PLACE.findall(body)) - {"base"} == {parameter.name for parameter in question.parameters}
    assert not re.search(r"\bCOLLECT\s*\{|\bapoc\b|\bSHORTEST\b|\belementId\b|\bproperties\(", body)
    for pattern in re.findall(
        r"\bMATCH\b(.*?)(?=\bMATCH\b|\bWHERE\b|\bWITH\b|\bRETURN\b|\bUNWIND\b|\Z)", body, re.DOTALL
    ):
        assert not re.search(r"\)\s*,", pattern), f"a comma pattern: {pattern}"
    # Neo4j 5.26 leaves DISTINCT out after a variable-length pattern that starts at several nodes.
    assert not re.search(r"\*0\.\..*\n.*WITH DISTINCT", body)


def _sorted(items: Any) -> list[str]:
    return sorted(json.dumps(item, sort_keys=True, ensure_ascii=False) for item in items)


def test_a_projection_equals_what_a_server_was_loaded_with(engine: CypherEngine, neo4j: Neo4jEngine) -> None:
    stored = Graph(parity_graph.blocks())
    neo4j.load(stored.stamps(), stored.fetch, graph="made", base=BASE)
    text = "MATCH (a)-[r]->(b) RETURN a.iri AS a, type(r) AS t, r.iri AS r, b.iri AS b ORDER BY a, t, b, r"
    assert engine.query(text).rows == neo4j.query(text).rows
