"""The command line as people and programs use it: what goes where, and how it ends."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import kg
from kg.cli import main

GOOD = {
    "id": "1",
    "title": "Bees and Instruments",
    "abstract": "We use instrumental variables to study bees.",
    "date": "2024-05-01",
}


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin, catch_exceptions=False)


@pytest.fixture(scope="module")
def graph(tmp_path_factory, seeds) -> str:
    folder = tmp_path_factory.mktemp("cli") / "graph"
    kg.open(folder).build(seeds, processes=1)
    return str(folder)


@pytest.fixture
def papers(tmp_path) -> str:
    path = tmp_path / "papers.jsonl"
    path.write_text(json.dumps(GOOD) + "\n", encoding="utf-8")
    return str(path)


def test_build_reports_every_record_and_ask_answers_with_the_sentence(tmp_path, papers):
    folder = str(tmp_path / "graph")
    built = run("build", papers, "--graph", folder, "--processes", "1")
    assert (built.exit_code, built.stdout.splitlines()[0]) == (0, "records   1 read: 1 new, 0 changed, 0 unchanged")
    asked = run("ask", "which papers use IV regression?", "--graph", folder)
    assert asked.exit_code == 0
    assert asked.stdout.splitlines()[0] == "1. Bees and Instruments (2024-05-01)"
    assert "“We use instrumental variables to study bees.”" in asked.stdout


def test_a_bad_record_is_listed_counted_and_skipped_with_an_exit_code_of_its_own(tmp_path, papers):
    with open(papers, "a", encoding="utf-8") as file:
        file.write('{"id": "2", "title"')
    built = run("build", papers, "--graph", str(tmp_path / "graph"), "--processes", "1")
    assert built.exit_code == 3
    assert built.stderr.startswith(f"skipped  {papers}:2: ")
    assert "1 skipped" in built.stdout
    strict = run("build", papers, "--graph", str(tmp_path / "strict"), "--strict")
    assert strict.exit_code == 1
    assert strict.stderr.startswith(f"kg: {papers}:2: ")


def test_build_reads_standard_input(tmp_path):
    folder = str(tmp_path / "graph")
    assert run("build", "-", "--graph", folder, "--processes", "1", stdin=json.dumps(GOOD)).exit_code == 0
    assert json.loads(run("stats", "--graph", folder, "--json").stdout)["papers"] == 1


def test_extract_prints_one_object_a_paper_in_the_order_in_which_they_come(papers):
    with open(papers, "a", encoding="utf-8") as file:
        file.write(json.dumps({**GOOD, "id": "0", "title": "Ants"}) + "\n" + json.dumps({**GOOD, "id": "z"}) + "\n")
    done = run("extract", papers, "--processes", "1")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["title"], len(line["sources"])) for line in lines] == [("Bees and Instruments", 2), ("Ants", 1)]
    for line in lines:
        text = f"{line['title']}\n{line['abstract']}"
        assert [text[m["start"] : m["end"]] for e in line["entities"] for m in e["mentions"]] == [
            m["text"] for e in line["entities"] for m in e["mentions"]
        ]


def test_answers_as_json_and_csv_are_for_programs(graph):
    data = json.loads(run("ask", "which papers use IV regression?", "--graph", graph, "--json").stdout)
    assert {"question", "query", "rows"} <= set(data)
    assert all({"title", "date", "sentence", "paper"} <= set(row) for row in data["rows"])
    assert "SELECT" in data["query"]
    rows = list(
        csv.DictReader(io.StringIO(run("ask", "which papers use IV regression?", "--graph", graph, "--csv").stdout))
    )
    assert [row["title"] for row in rows] == [row["title"] for row in data["rows"]]


def test_show_query_prints_what_was_run(graph):
    assert "SELECT" in run("ask", "papers by Qin Chen", "--graph", graph, "--show-query").stdout


def test_a_question_that_is_not_understood_is_answered_by_those_that_are(graph):
    done = run("ask", "why is the sky blue?", "--graph", graph)
    assert done.exit_code == 1
    assert "which papers" in done.stderr


def test_query_runs_a_saved_question_a_file_and_standard_input(graph, tmp_path):
    text = "SELECT ?title WHERE { ?p a kg:Paper ; dcterms:title ?title } ORDER BY ?title LIMIT 3"
    (tmp_path / "mine.rq").write_text(text, encoding="utf-8")
    from_file = run("query", str(tmp_path / "mine.rq"), "--graph", graph, "--csv").stdout
    assert from_file == run("query", "-", "--graph", graph, "--csv", stdin=text).stdout
    assert len(from_file.splitlines()) == 4
    saved = run("query", "papers-by-method", "-p", "method=IV regression", "--graph", graph, "--json")
    assert json.loads(saved.stdout)["rows"]


def test_unknown_questions_and_parameters_list_the_known(graph):
    unknown = run("query", "papers-by-methd", "--graph", graph)
    assert unknown.exit_code == 1
    assert "papers-by-method" in unknown.stderr
    parameter = run("query", "papers-by-method", "-p", "methd=x", "--graph", graph)
    assert parameter.exit_code == 1
    assert "method" in parameter.stderr
    assert run("query", "papers-by-method", "-p", "method", "--graph", graph).exit_code == 2


def test_a_query_is_stopped_at_its_time_limit(graph):
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    done = run("query", "-", "--graph", graph, "--timeout", "0.5", stdin=text)
    assert (done.exit_code, "0.5" in done.stderr) == (4, True)


def test_updates_are_refused(graph):
    done = run("query", "-", "--graph", graph, stdin="DELETE WHERE { ?s ?p ?o }")
    assert done.exit_code == 1
    assert json.loads(run("stats", "--graph", graph, "--json").stdout)["papers"] == 92


def test_show_finds_papers_concepts_and_authors(graph):
    assert (
        "Binary and Ternary Natural Language Generation"
        in run("show", "Binary and Ternary Natural Language Generation", "--graph", graph).stdout
    )
    assert "instrumental variable" in run("show", "IV regression", "--graph", graph).stdout
    assert "Xingcheng Xu" in run("show", "x. xu", "--graph", graph).stdout
    missing = run("show", "instrumentl variabl", "--graph", graph)
    assert (missing.exit_code, "instrumental variable" in missing.stderr) == (1, True)


@pytest.mark.parametrize("format", ["ntriples", "turtle", "nodelink", "graphml"])
def test_export_writes_the_same_to_a_file_and_to_standard_output(graph, tmp_path, format):
    target = tmp_path / "out"
    assert run("export", format, "--graph", graph, "-o", str(target)).exit_code == 0
    assert run("export", format, "--graph", graph).stdout_bytes == target.read_bytes()
    assert target.stat().st_size > 10_000


def test_an_unknown_format_lists_the_known(graph):
    done = run("export", "excel", "--graph", graph)
    assert (done.exit_code, "ntriples" in done.stderr) == (1, True)


def test_remove_needs_to_be_told_what(graph):
    assert run("remove", "--graph", graph).exit_code == 2
    assert run("remove", "no such paper", "--graph", graph).exit_code == 1


def test_a_missing_graph_is_told_with_the_way_to_make_one(tmp_path):
    done = run("ask", "papers by Ann Lee", "--graph", str(tmp_path / "none"))
    assert (done.exit_code, "kg build" in done.stderr) == (1, True)


def test_a_graph_that_is_being_written_is_a_code_of_its_own(tmp_path, papers):
    from kg.store import writing

    with writing(tmp_path / "graph"):
        assert run("build", papers, "--graph", str(tmp_path / "graph")).exit_code == 5


def test_the_graph_comes_from_the_environment(graph, monkeypatch):
    monkeypatch.setenv("KG_GRAPH", graph)
    assert json.loads(run("stats", "--json").stdout)["papers"] == 92


def test_valid_graphs_and_lines_pass_and_broken_lines_are_named(graph, seeds):
    assert run("validate", "--graph", graph).exit_code == 0
    lines = run("extract", seeds[0], "--processes", "1").stdout
    assert run("validate", "--lines", "-", stdin=lines).exit_code == 0
    broken = run("validate", "--lines", "-", stdin=lines.replace('"title"', '"titel"', 1))
    assert (broken.exit_code, "title" in broken.stdout) == (1, True)


def test_a_reader_that_goes_away_is_no_error(graph):
    command = f"{sys.executable} -m kg.cli export ntriples --graph {graph} | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 1)


def test_a_progress_bar_shows_rate_and_time_left_on_stderr_only_when_asked(tmp_path, papers):
    quiet = run("build", papers, "--graph", str(tmp_path / "a"), "--processes", "1")
    shown = run("build", papers, "--graph", str(tmp_path / "b"), "--processes", "1", "--progress")
    assert quiet.stderr == ""
    assert "reading" in shown.stderr
    assert quiet.stdout == shown.stdout


def test_eval_gives_scores(tmp_path, papers):
    gold = {
        **GOOD,
        "entities": [
            {
                "type": "Method",
                "name": "instrumental variable",
                "mentions": ["instrumental variables"],
                "role": "used",
                "named": True,
            }
        ],
        "results": [],
    }
    path = Path(papers).with_name("gold.jsonl")
    path.write_text(json.dumps(gold), encoding="utf-8")
    done = run("eval", str(path), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["relaxed Method"][1] == 1.0


def test_how_many_prints_the_number_first_and_in_json(graph):
    asked = run("ask", "how many papers evaluate on CIFAR-10?", "--graph", graph)
    assert asked.stdout.splitlines()[0] == "2"
    assert (
        json.loads(run("ask", "how many papers evaluate on CIFAR-10?", "--graph", graph, "--json").stdout)["count"] == 2
    )


def test_a_query_that_is_not_there_is_said(graph):
    assert "there is no query on stdin" in run("query", "-", "--graph", graph, stdin="").stderr
    assert "there is no file 'missing.rq'" in run("query", "missing.rq", "--graph", graph).stderr
