import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import rdf
from kg.engines import ENGINES, Iri, Rows, sparql
from kg.engines.sparql import SparqlEngine
from kg.errors import EngineError, QueryError, QueryTimeoutError
from kg.model import Block, Node
from kg.registry import load
from kg.schema import BASE
from tests.sample_blocks import author, blocks, concept, paper, paper_iri

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A projection of 20 papers, and of one method with everything that is awkward in its names."""
    folder = tmp_path_factory.mktemp("rdf") / "1"
    odd = Node("Method", "M1", {"name": 'a "b"\n\\c', "aliases": ("SERVICE", "naïve"), "papers": 3})
    sparql.rebuild(folder, [*blocks(20, concepts=30), Block("concept", "M1", (odd,), ())], BASE)
    return folder


@pytest.fixture(scope="module")
def engine(folder):
    with SparqlEngine(folder, base=BASE) as engine:
        yield engine


def lines(folder: Path) -> list[str]:
    """All that a projection holds, sorted."""
    store = ox.Store.read_only(str(folder))
    return sorted(ox.serialize((quad.triple for quad in store), format=ox.RdfFormat.N_TRIPLES).decode().splitlines())


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def processes_of(parent: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in found.stdout.split()]


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


# The projection


def test_a_projection_holds_the_triples_of_the_stream_and_no_others(tmp_path):
    stream = list(blocks(12, concepts=20))
    expected = {line for block in stream for line in rdf.triples(block, BASE)}
    assert sparql.rebuild(tmp_path / "1", stream, BASE) == len(expected)
    found = {sparql._line(quad) for quad in ox.Store.read_only(str(tmp_path / "1"))}
    assert found == expected


def test_a_stream_larger_than_one_load_is_whole(tmp_path, monkeypatch):
    sparql.rebuild(tmp_path / "1", blocks(12, concepts=20), BASE)
    monkeypatch.setattr(sparql, "TRIPLES_A_LOAD", 100)
    sparql.rebuild(tmp_path / "2", blocks(12, concepts=20), BASE)
    assert lines(tmp_path / "2") == lines(tmp_path / "1")


NUMBERS = st.integers(0, 4)
CHANGES = st.one_of(
    st.tuples(st.just("write"), NUMBERS, st.integers(0, 2)),
    st.tuples(st.just("remove"), NUMBERS, st.just(0)),
    st.tuples(st.just("merge"), NUMBERS, NUMBERS),
    st.tuples(st.just("concept"), NUMBERS, st.integers(1, 3)),
)


def changed(graph: dict[str, Block], change: tuple[str, int, int]) -> dict[str, Block]:
    """The graph after one change: a paper written, removed or merged into another, a concept counted anew."""
    kind, number, other = change
    if kind == "concept":
        block = concept(number, papers=other, broader=number + 5)
        return {**graph, block.iri: block}
    left = {
        iri: block
        for iri, block in graph.items()
        if iri != paper_iri(number) and paper_iri(number) not in block.replaced
    }
    if kind == "remove":
        return left
    if kind == "write" or number == other:
        return {**left, paper_iri(number): paper(number, version=other, concepts=15)}
    return {**left, paper_iri(other): paper(other, concepts=15, replaced=(paper_iri(number),))}


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(CHANGES, min_size=1, max_size=4), min_size=1, max_size=4))
def test_any_sequence_of_changes_gives_what_a_rebuild_gives(tmp_path_factory, steps):
    folder = tmp_path_factory.mktemp("rdf")
    graph = {block.iri: block for block in blocks(3, concepts=15)}
    size = sparql.rebuild(folder / "0", graph.values(), BASE)
    for number, step in enumerate(steps, 1):
        before = graph
        for change in step:
            graph = changed(graph, change)
        new = [block for iri, block in graph.items() if before.get(iri) != block]
        size += sparql.apply(folder / str(number - 1), folder / str(number), new, before.keys() - graph.keys(), BASE)
    assert size == sparql.rebuild(folder / "anew", graph.values(), BASE)
    assert lines(folder / str(len(steps))) == lines(folder / "anew")


def test_a_published_projection_is_not_touched_by_the_next(tmp_path):
    sparql.rebuild(tmp_path / "1", blocks(5, concepts=15), BASE)
    before = contents(tmp_path / "1")
    with SparqlEngine(tmp_path / "1", base=BASE) as engine:
        count = engine.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        sparql.apply(tmp_path / "1", tmp_path / "2", [paper(1, version=1)], [paper_iri(2)], BASE)
        sparql.apply(tmp_path / "2", tmp_path / "3", [paper(3, version=1)], [], BASE)
        assert contents(tmp_path / "1") == before
        assert engine.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == count


def test_tables_that_did_not_change_share_their_bytes(tmp_path):
    sparql.rebuild(tmp_path / "1", blocks(5, concepts=15), BASE)
    sparql.apply(tmp_path / "1", tmp_path / "2", [paper(1, version=1)], [], BASE)
    shared = [f.name for f in (tmp_path / "1").glob("*.sst") if f.samefile(tmp_path / "2" / f.name)]
    assert shared


def test_copies_of_copies_do_not_pile_up_logs(tmp_path):
    sparql.rebuild(tmp_path / "0", blocks(2, concepts=15), BASE)
    for number in range(1, 6):
        sparql.apply(tmp_path / str(number - 1), tmp_path / str(number), [paper(1, version=number)], [], BASE)
    assert [file.name for file in (tmp_path / "5").iterdir() if file.name.startswith("LOG")] == ["LOG"]


def test_a_stream_that_fails_leaves_nothing_behind(tmp_path):
    def failing():
        yield paper(1)
        raise RuntimeError("the stream broke")

    sparql.rebuild(tmp_path / "1", [paper(1)], BASE)
    with pytest.raises(RuntimeError, match="the stream broke"):
        sparql.rebuild(tmp_path / "2", failing(), BASE)
    with pytest.raises(RuntimeError, match="the stream broke"):
        sparql.apply(tmp_path / "1", tmp_path / "3", failing(), [], BASE)
    assert [child.name for child in tmp_path.iterdir()] == ["1"]


def test_a_folder_that_is_there_already_is_refused_and_kept(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "mine.txt").write_text("mine")
    with pytest.raises(EngineError, match="File exists"):
        sparql.rebuild(tmp_path / "1", [], BASE)
    assert (tmp_path / "1" / "mine.txt").read_text() == "mine"


def test_a_projection_that_is_not_there_cannot_be_changed(tmp_path):
    with pytest.raises(EngineError, match="could not be written"):
        sparql.apply(tmp_path / "1", tmp_path / "2", [], [], BASE)


# Queries


def test_the_registered_engine_is_this_one():
    assert load(ENGINES, "sparql", "engine") is SparqlEngine


def test_cells_are_python_values(engine):
    query = """SELECT ?iri ?text ?whole ?real ?exact ?truth ?nothing ?odd ?tagged {
        BIND(:M1 AS ?iri) :M1 skos:prefLabel ?text ; kg:papers ?whole .
        BIND(0.5e0 AS ?real) BIND(1.5 AS ?exact) BIND(true AS ?truth)
        BIND("x"^^xsd:integer AS ?odd) BIND("a"@en AS ?tagged) }"""
    columns, (row,) = engine.query(query)
    assert columns == ("iri", "text", "whole", "real", "exact", "truth", "nothing", "odd", "tagged")
    assert row == (BASE + "M1", 'a "b"\n\\c', 3, 0.5, 1.5, True, None, "x", "a")
    assert [type(cell) for cell in row] == [Iri, str, int, float, float, bool, type(None), str, str]


def test_ask_gives_one_answer(engine):
    assert engine.query("ASK { :M1 a kg:Method }") == Rows(("answer",), [(True,)])
    assert engine.query("ASK { :M1 a kg:Task }") == Rows(("answer",), [(False,)])


def test_construct_and_describe_give_triples(engine):
    expected = Rows(("subject", "predicate", "object"), [(BASE + "M1", "https://w3id.org/paperkg/ontology#papers", 3)])
    assert engine.query("CONSTRUCT { :M1 kg:papers ?n } WHERE { :M1 kg:papers ?n }") == expected
    assert expected.rows[0] in engine.query("DESCRIBE :M1").rows


def test_an_answer_of_many_frames_is_whole_and_in_order(engine):
    everything = engine.query("SELECT ?s ?p ?o { ?s ?p ?o }").rows
    assert len(everything) > 3 * 2000
    assert len(set(everything)) == len(everything)
    in_order = engine.query("SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o").rows
    assert [row[0] for row in in_order] == sorted(row[0] for row in everything)


def test_an_empty_answer_has_its_columns(engine):
    assert engine.query("SELECT ?x ?y { ?x kg:nothing ?y }") == Rows(("x", "y"), [])


def test_parameters_are_values_and_never_query_text(engine):
    query = 'SELECT ?m { ?m skos:prefLabel $name . FILTER(?n != "$name") # $name\n :M1 kg:papers ?n }'
    assert engine.query(query, parameters={"name": 'a "b"\n\\c'}).rows == [(BASE + "M1",)]
    assert engine.query(query, parameters={"name": '" } INSERT { #'}).rows == []
    assert engine.query("SELECT ?n { $m kg:papers ?n }", parameters={"m": Iri(BASE + "M1")}).rows == [(3,)]
    assert engine.query("ASK { :M1 kg:papers $n }", parameters={"n": 3}).rows == [(True,)]


@pytest.mark.parametrize("value", [Iri("http://a/> ?p ?o . <http://b"), Iri("not an IRI"), float("nan")])
def test_a_parameter_that_cannot_be_written_is_refused(engine, value):
    with pytest.raises(QueryError, match="parameter m"):
        engine.query("SELECT ?n { $m kg:papers ?n }", parameters={"m": value})


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?x\nWHERE { ?x kg:uses ?y", "line 2, column 22: expected"),
        ("SELECT ?x { ?x foo:uses ?y }", "line 1, column 2.: unknown prefix.*kg, rdf, rdfs, xsd, schema, skos"),
        ("SELECT ?x ?z (COUNT(?y) AS ?n) { ?x ?y ?z }", "The SELECT contains a variable that is unbound"),
        (
            "papers that use IV regression",
            "SELECT, ASK, CONSTRUCT or DESCRIBE\n  papers that use IV regression",
        ),
        ("", "this is not SPARQL"),
    ],
)
def test_a_mistake_is_reported_with_its_place(engine, query, message):
    with pytest.raises(QueryError, match=f"(?s){message}"):
        engine.query(query)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { :M1 kg:papers 4 }",
        "PREFIX x: <http://a/> # ADD\nDELETE WHERE { ?s ?p ?o }",
        "with <http://a/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DROP ALL",
        "LOAD <http://a/>",
    ],
)
def test_an_update_is_refused(engine, query):
    with pytest.raises(QueryError, match="is refused: queries only read"):
        engine.query(query)


def test_a_call_to_another_server_is_refused(engine):
    with pytest.raises(QueryError, match="line 2: SERVICE is refused"):
        engine.query("SELECT * {\n service SILENT <http://localhost/> { ?s ?p ?o } }")


def test_words_that_only_look_like_keywords_are_no_keywords(engine):
    query = (
        """PREFIX service: <http://a/> # SERVICE
    SELECT ?service ?insert { ?service skos:altLabel "SERVICE", ?insert . FILTER(?insert != 'SERVICE <x> \\' { }')
    OPTIONAL { ?service service:SERVICE """
        + '"""a "SERVICE" b""" } }'
    )
    assert engine.query(query).rows == [(BASE + "M1", "SERVICE"), (BASE + "M1", "naïve")]


def test_a_query_is_stopped_at_its_time_limit_and_the_next_one_runs(folder):
    with SparqlEngine(folder, base=BASE) as engine:
        engine.query("ASK {}")
        worker = engine._worker._process.pid
        start = time.monotonic()
        with pytest.raises(QueryTimeoutError, match=r"time limit of 0\.3 s"):
            engine.query(SLOW, timeout=0.3)
        assert time.monotonic() - start < 3
        assert not alive(worker)
        assert engine.query("ASK {}", timeout=10).rows == [(True,)]


def test_the_process_that_runs_queries_ends_with_the_one_that_asks(folder):
    code = f"""
import pathlib
from kg.engines.sparql import SparqlEngine
engine = SparqlEngine(pathlib.Path({str(folder)!r}), base={BASE!r})
engine.query("ASK {{}}")
print("ready", flush=True)
engine.query({SLOW!r})
"""
    asking = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert asking.stdout.readline() == b"ready\n"
    time.sleep(0.2)
    (worker,) = processes_of(asking.pid)
    asking.kill()
    asking.wait()
    asking.stdout.close()
    deadline = time.monotonic() + 10
    while alive(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not alive(worker)


def test_a_process_that_was_killed_is_replaced(folder):
    with SparqlEngine(folder, base=BASE) as engine:
        engine.query("ASK {}")
        process = engine._worker._process
        process.kill()
        process.wait()
        assert engine.query("ASK {}").rows == [(True,)]


def test_a_process_that_dies_in_a_query_is_reported(folder):
    with SparqlEngine(folder, base=BASE) as engine:
        engine.query("ASK {}")
        threading.Timer(0.3, os.kill, (engine._worker._process.pid, signal.SIGKILL)).start()
        with pytest.raises(EngineError, match="ended: exit code -9"):
            engine.query(SLOW, timeout=20)


def test_an_interrupted_query_leaves_the_engine_usable(folder, monkeypatch):
    def interrupt(worker):
        raise KeyboardInterrupt

    with SparqlEngine(folder, base=BASE) as engine:
        engine.query("ASK {}")
        monkeypatch.setattr(sparql._Worker, "_read", interrupt)
        with pytest.raises(KeyboardInterrupt):
            engine.query("SELECT ?s { ?s ?p ?o }")
        monkeypatch.undo()
        assert engine.query("SELECT ?n { :M1 kg:papers ?n }").rows == [(3,)]


def test_threads_get_their_own_answers(engine):
    answers: dict[int, object] = {}

    def ask(number: int) -> None:
        answers[number] = engine.query(f"SELECT ({number} AS ?n) {{}}").rows

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {n: [(n,)] for n in range(20)}


def test_a_folder_that_is_no_projection_is_reported(tmp_path):
    engine = SparqlEngine(tmp_path / "none", base=BASE)
    with pytest.raises(EngineError, match="none: the SPARQL projection cannot be opened"):
        engine.query("ASK {}")


def test_reading_a_projection_leaves_it_as_it_was(folder):
    before = contents(folder)
    with SparqlEngine(folder, base=BASE) as engine:
        engine.query("SELECT * { ?s ?p ?o } LIMIT 10")
    assert contents(folder) == before


def test_an_author_is_found_by_name(engine):
    (node,) = author(3).nodes
    assert engine.query("SELECT ?a { ?a schema:name $name }", parameters=dict(node.properties)).rows == [
        (BASE + node.iri,)
    ]


@pytest.mark.parametrize("clause", ["FROM <http://example.org/g>", "from named <http://example.org/g>"])
def test_a_query_of_another_graph_is_refused(engine, clause):
    with pytest.raises(QueryError, match="line 2: FROM is refused"):
        engine.query(f"SELECT ?s\n{clause} WHERE {{ ?s ?p ?o }}")
    assert engine.query('SELECT ?from WHERE { ?from rdfs:label "FROM here" }').rows == []
