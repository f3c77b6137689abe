"""Sources to graph: whatever the order, the number of steps and processes, the same graph."""

import io
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.errors import BusyError, KgError, NotFoundError, RecordError, SourceError, StoreError
from tests.generated import records

PAPERS = list(records(12, seed=3))
FRENCH = (
    "Nous étudions le vol des abeilles dans les prairies de la Bretagne et nous montrons que les fleurs y sont plus "
    "rares qu'ailleurs, ce qui est dû au climat."
)


def write(path: Path, papers: list[dict]) -> str:
    path.write_text("".join(json.dumps(paper) + "\n" for paper in papers), encoding="utf-8")
    return str(path)


def ntriples(graph: kg.Graph) -> bytes:
    target = io.BytesIO()
    graph.export("ntriples", target)
    return target.getvalue()


def projected(graph: kg.Graph) -> list[str]:
    """What the SPARQL engine holds, read back from it."""
    rows = graph.query("SELECT ?s ?p ?o WHERE { ?s ?p ?o }").records
    return sorted(f"{row['s']} {row['p']} {row['o']}" for row in rows)


def built(folder: Path, *steps: list[str], **options) -> kg.Graph:
    graph = kg.open(folder)
    for step in steps or [[]]:
        graph.build(step, processes=1, **options)
    return graph


@pytest.fixture
def halves(tmp_path: Path) -> tuple[str, str]:
    return write(tmp_path / "a.jsonl", PAPERS[:7]), write(tmp_path / "b.jsonl", PAPERS[5:])


def test_a_then_b_and_b_then_a_and_both_at_once_give_the_same_bytes(tmp_path, halves):
    a, b = halves
    both = built(tmp_path / "both", [a, b])
    assert ntriples(built(tmp_path / "ab", [a], [b])) == ntriples(both)
    assert ntriples(built(tmp_path / "ba", [b], [a])) == ntriples(both)


def test_any_number_of_processes_gives_the_same_bytes(tmp_path, arxiv_records):
    one, two = kg.open(tmp_path / "one"), kg.open(tmp_path / "two")
    sample = tmp_path / "sample.jsonl"
    sample.write_text(
        "".join(arxiv_records.read_text(encoding="utf-8").splitlines(keepends=True)[:60]), encoding="utf-8"
    )
    one.build([str(sample)], processes=1)
    two.build([str(sample)], processes=2)
    assert ntriples(one) == ntriples(two)


def test_the_projection_holds_what_the_export_says_after_every_step(tmp_path, halves):
    a, b = halves
    graph = built(tmp_path / "steps", [a])
    graph.build([b], processes=1)
    graph.remove([PAPERS[0]["id"]])
    lines = ntriples(graph).decode().splitlines()
    assert len(lines) == len(set(lines)) == len(projected(graph))


def test_removing_a_paper_is_as_if_it_had_never_been(tmp_path):
    everything = write(tmp_path / "a.jsonl", PAPERS)
    graph = built(tmp_path / "graph", [everything])
    graph.remove([PAPERS[3]["id"]])
    rest = write(tmp_path / "a.jsonl", [paper for paper in PAPERS if paper is not PAPERS[3]])
    assert ntriples(graph) == ntriples(built(tmp_path / "never", [rest]))


def test_removing_a_source_leaves_what_the_others_say(tmp_path, halves):
    a, b = halves
    graph = built(tmp_path / "graph", [a, b])
    report = graph.remove(source="b.jsonl")
    assert report.removed == len(PAPERS) - 5
    assert ntriples(graph) == ntriples(built(tmp_path / "only", [a]))


def test_sync_drops_what_the_source_no_longer_holds(tmp_path):
    path = tmp_path / "a.jsonl"
    graph = built(tmp_path / "graph", [write(path, PAPERS)])
    write(path, PAPERS[2:])
    assert graph.build([str(path)], sync=True, processes=1).removed == 2
    assert ntriples(graph) == ntriples(built(tmp_path / "fresh", [str(path)]))


def test_sync_drops_nothing_from_a_file_that_has_errors(tmp_path):
    path = tmp_path / "a.jsonl"
    graph = built(tmp_path / "graph", [write(path, PAPERS)])
    path.write_text("\n".join([json.dumps(PAPERS[0])[:40], *map(json.dumps, PAPERS[2:])]), encoding="utf-8")
    report = graph.build([str(path)], sync=True, processes=1)
    assert (report.removed, report.kept_for_errors, report.skipped) == (0, 2, 1)
    assert graph.stats()["papers"] == len(PAPERS)


def test_a_second_build_reads_and_changes_nothing(tmp_path, halves):
    graph = built(tmp_path / "graph", list(halves))
    before = ntriples(graph)
    report = graph.build(halves, processes=1)
    assert (report.new, report.changed, report.same, report.papers_read, report.blocks) == (0, 0, 14, 0, 0)
    assert ntriples(graph) == before


def test_a_changed_abstract_is_read_again_and_only_that(tmp_path):
    path = tmp_path / "a.jsonl"
    graph = built(tmp_path / "graph", [write(path, PAPERS)])
    changed = [{**PAPERS[0], "abstract": "We use instrumental variables on ImageNet."}, *PAPERS[1:]]
    report = graph.build([write(path, changed)], processes=1)
    assert (report.changed, report.same, report.papers_read) == (1, len(PAPERS) - 1, 1)
    assert ntriples(graph) == ntriples(built(tmp_path / "fresh", [str(path)]))


def test_a_graph_stays_with_the_network_it_was_built_with_until_told_otherwise(tmp_path, halves):
    a, b = halves
    graph = kg.open(tmp_path / "graph")
    assert graph.build([a], fast=True, processes=1).papers_read == 7
    assert graph.build([b], processes=1).papers_read == 5
    fast = ntriples(graph)
    assert fast == ntriples(built(tmp_path / "fast", [a, b], fast=True))
    assert graph.build(fast=False, processes=1).papers_read == 12
    assert ntriples(graph) == ntriples(built(tmp_path / "default", [a, b])) != fast


def test_a_changed_date_changes_the_paper_without_reading_it_again(tmp_path):
    path = tmp_path / "a.jsonl"
    graph = built(tmp_path / "graph", [write(path, PAPERS)])
    report = graph.build([write(path, [{**PAPERS[0], "update_date": "2019-09-09"}, *PAPERS[1:]])], processes=1)
    assert (report.changed, report.papers_read, report.blocks) == (1, 0, 1)


def test_the_same_key_twice_in_one_file_keeps_the_richer_whatever_the_order(tmp_path):
    poor = {**PAPERS[0], "doi": None, "authors": ""}
    first = built(tmp_path / "1", [write(tmp_path / "x.jsonl", [PAPERS[0], poor])])
    (tmp_path / "other").mkdir()
    second = built(tmp_path / "2", [write(tmp_path / "other" / "x.jsonl", [poor, PAPERS[0]])])
    assert ntriples(first) == ntriples(second)
    assert kg.open(tmp_path / "3").build([str(tmp_path / "x.jsonl")], processes=1).repeated == 1


def test_every_record_is_counted_once(tmp_path):
    path = tmp_path / "a.jsonl"
    good = [json.dumps(p) for p in PAPERS[:4]]
    path.write_text(
        "\n".join([good[0], '{"id": "x"', good[1], '{"id": "y", "abstract": "no title"}', *good[2:], good[0]]),
        encoding="utf-8",
    )
    report = kg.open(tmp_path / "graph").build([str(path)], processes=1)
    assert (report.read, report.new, report.repeated, report.skipped) == (5, 4, 1, 2)
    assert [error.split(":")[1] for error in report.errors] == ["2", "4"]


def test_strict_stops_at_the_first_bad_record_and_keeps_the_graph(tmp_path):
    graph = built(tmp_path / "graph", [write(tmp_path / "a.jsonl", PAPERS[:3])])
    before = ntriples(graph)
    bad = tmp_path / "bad.jsonl"
    bad.write_text(json.dumps(PAPERS[5]) + "\n{broken\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"bad\.jsonl:2"):
        graph.build([str(bad)], strict=True, processes=1)
    assert ntriples(graph) == before


def test_papers_without_facts_are_kept_and_counted(tmp_path):
    odd = [
        {"id": "1", "title": "Nothing Here", "abstract": ""},
        {
            "id": "2",
            "title": "Gone",
            "abstract": "This paper has been withdrawn by the author due to an error in Lemma 3.",
        },
        {
            "id": "3",
            "title": "Une étude des abeilles",
            "abstract": FRENCH,
        },
    ]
    graph = kg.open(tmp_path / "graph")
    report = graph.build([write(tmp_path / "odd.jsonl", odd)], processes=1)
    assert {k: report.papers[k] for k in ("new", "empty", "withdrawn", "foreign")} == {
        "new": 3,
        "empty": 1,
        "withdrawn": 1,
        "foreign": 1,
    }
    assert report.entities == 0
    assert graph.stats()["papers"] == 3


def test_extracted_lines_build_the_same_graph(tmp_path, seeds):
    direct = built(tmp_path / "direct", seeds)
    lines = tmp_path / "lines.jsonl"
    lines.write_text("".join(json.dumps(line) + "\n" for line in kg.extract(seeds, processes=1)), encoding="utf-8")
    assert ntriples(built(tmp_path / "lines", [str(lines)])) == ntriples(direct)


def test_extracted_lines_of_merged_papers_with_equal_ids_build_the_same_graph(tmp_path):
    a = write(
        tmp_path / "a.jsonl",
        [
            {"id": 1, "title": "On Bees", "abstract": "Bees fly."},
            {"id": 2, "title": "On Ants", "abstract": "Ants dig."},
        ],
    )
    b = write(tmp_path / "b.jsonl", [{"id": 1, "title": "On Ants", "abstract": "Ants dig.", "doi": "10.1000/ants"}])
    lines = tmp_path / "lines.jsonl"
    extracted = list(kg.extract([a, b], processes=1))
    assert len(extracted) == 2
    lines.write_text("".join(json.dumps(line) + "\n" for line in extracted), encoding="utf-8")
    assert ntriples(built(tmp_path / "lines", [str(lines)])) == ntriples(built(tmp_path / "direct", [a, b]))


@settings(max_examples=12)
@given(st.data())
def test_any_history_of_builds_and_removals_ends_in_the_graph_of_what_is_left(tmp_path_factory, data):
    root = tmp_path_factory.mktemp("history")
    graph, held = kg.open(root / "graph"), {}
    for _ in range(data.draw(st.integers(1, 5))):
        name = data.draw(st.sampled_from(["a.jsonl", "b.jsonl"]))
        if name in held and data.draw(st.booleans()):
            graph.remove(source=name)
            del held[name]
            continue
        chosen = data.draw(st.lists(st.integers(0, 7), min_size=1, max_size=4, unique=True))
        papers = [{**PAPERS[n], "doi": data.draw(st.sampled_from([None, "10.1000/same"]))} for n in chosen]
        graph.build([write(root / name, papers)], sync=True, processes=1)
        held[name] = papers
    (root / "fresh").mkdir()
    rest = [write(root / "fresh" / name, papers) for name, papers in sorted(held.items(), reverse=True)]
    fresh = built(root / "again", rest)
    assert ntriples(graph) == ntriples(fresh)
    assert projected(graph) == projected(fresh)


def test_a_second_writer_is_told_who_holds_the_graph(tmp_path, halves):
    from kg.store import writing

    graph = built(tmp_path / "graph", [halves[0]])
    with writing(tmp_path / "graph"), pytest.raises(BusyError, match=f"process {os.getpid()} on .* since 20"):
        graph.build([halves[1]])


def test_other_processes_read_while_a_writer_writes(tmp_path, halves):
    from kg.store import Store, writing

    graph = built(tmp_path / "graph", [halves[0]])
    with writing(graph.folder), Store(graph.folder, write=True) as store, store.transaction():
        store.set("note", "not committed")
        code = f"import kg; print(kg.open({str(graph.folder)!r}).stats()['papers'])"
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "7\n"


def test_a_graph_of_a_newer_version_is_refused(tmp_path, halves):
    graph = built(tmp_path / "graph", [halves[0]])
    with sqlite3.connect(graph.folder / "graph.sqlite") as db:
        db.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="newer paperkg"):
        graph.stats()
    with pytest.raises(StoreError, match="newer paperkg"):
        graph.build()


def test_a_file_that_is_no_graph_is_refused_and_left_alone(tmp_path):
    (tmp_path / "graph").mkdir()
    file = tmp_path / "graph" / "graph.sqlite"
    file.write_bytes(b"not a database at all, but somebody's file" * 50)
    with pytest.raises(StoreError, match="not a paperkg graph"):
        kg.open(tmp_path / "graph").build()
    assert file.read_bytes().startswith(b"not a database")


def test_a_missing_graph_says_how_to_make_one(tmp_path):
    with pytest.raises(StoreError, match="kg build"):
        kg.open(tmp_path / "none").stats()
    assert not (tmp_path / "none").exists()


def test_a_missing_source_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"nowhere\.jsonl"):
        kg.open(tmp_path / "graph").build(["nowhere.jsonl"])


def test_an_unknown_paper_or_source_is_named_with_the_known(tmp_path, halves):
    graph = built(tmp_path / "graph", [halves[0]])
    with pytest.raises(NotFoundError, match="no paper 'x'"):
        graph.remove(["x"])
    with pytest.raises(NotFoundError, match=r"built from .*a\.jsonl"):
        graph.remove(source="c.jsonl")


def test_the_base_of_a_graph_is_chosen_once(tmp_path, halves):
    graph = kg.open(tmp_path / "graph", base="https://example.org/kg/")
    graph.build([halves[0]], processes=1)
    assert b"<https://example.org/kg/P" in ntriples(graph)
    with pytest.raises(KgError, match="IRIs never change"):
        kg.open(tmp_path / "graph", base="https://example.com/").build()


def test_what_a_killed_build_left_is_taken_up(tmp_path, halves):
    from kg import build as building
    from kg.build import Options, Report
    from kg.store import Store, writing

    graph = kg.open(tmp_path / "graph")
    with graph._writable() as store:
        building.read_records(store, [halves[0]], run=store.start_run("x"), options=Options(), report=Report())
    with writing(graph.folder), Store(graph.folder, write=True) as store:
        building.group_records(store, report=Report())
    graph.build(processes=1)
    assert ntriples(graph) == ntriples(built(tmp_path / "whole", [halves[0]]))


def test_equally_rich_records_of_one_key_give_the_same_graph_in_any_order(tmp_path):
    paper = {"id": "1", "title": "On Bees", "abstract": "Bees fly."}
    a = write(tmp_path / "a.jsonl", [{**paper, "urls": ["https://a.example/1"], "n_authors": 2}])
    b = write(tmp_path / "b.jsonl", [{**paper, "urls": ["https://b.example/1"], "n_authors": 3}])
    assert ntriples(built(tmp_path / "ab", [a], [b])) == ntriples(built(tmp_path / "ba", [b], [a]))


def piped(folder: Path, lines: list[dict], monkeypatch) -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines).encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    kg.open(folder).build("-", processes=1)


def test_two_streams_of_extracted_lines_are_as_both_files_at_once(tmp_path, halves, monkeypatch):
    a, b = halves
    for source in (a, b):
        piped(tmp_path / "piped", list(kg.extract(source, processes=1)), monkeypatch)
    assert ntriples(kg.open(tmp_path / "piped")) == ntriples(built(tmp_path / "both", [a, b]))


def test_two_streams_with_equal_keys_lose_no_paper(tmp_path, monkeypatch):
    piped(tmp_path / "graph", [{"id": "1", "title": "On Bees", "abstract": "Bees fly."}], monkeypatch)
    piped(tmp_path / "graph", [{"id": "1", "title": "On Ants", "abstract": "Ants dig."}], monkeypatch)
    assert kg.open(tmp_path / "graph").stats()["papers"] == 2


def test_papers_of_one_title_without_abstract_are_told_apart_by_authors_and_year(tmp_path):
    papers = [
        {"id": str(n), "title": "Editorial", "abstract": "", "authors": [f"Ann{n} Lee"], "date": "2024"}
        for n in range(3)
    ]
    assert built(tmp_path / "graph", [write(tmp_path / "a.jsonl", papers)]).stats()["papers"] == 3


def test_a_line_that_replaces_a_living_paper_joins_it(tmp_path):
    bare = {"id": "1", "title": "On Bees", "abstract": "Bees fly."}
    (line,) = kg.extract(
        [write(tmp_path / "a.jsonl", [bare]), write(tmp_path / "b.jsonl", [{**bare, "doi": "10.1000/x"}])]
    )
    other = {"id": "2", "title": "On Bees", "abstract": "Bees fly.", "doi": "10.1000/y"}
    sources = [
        write(tmp_path / "c.jsonl", [bare]),
        write(tmp_path / "d.jsonl", [line]),
        write(tmp_path / "e.jsonl", [other]),
    ]
    graph = built(tmp_path / "graph", sources)
    assert len(projected(graph)) == len(ntriples(graph).splitlines())
    assert graph.stats()["papers"] == 2


def test_a_pattern_covers_what_it_matches_and_no_more(tmp_path):
    folder = tmp_path / "data"
    (folder / "sub").mkdir(parents=True)
    for name, papers in (("a.jsonl", PAPERS[:2]), ("sub/b.jsonl", PAPERS[2:4])):
        write(folder / name, papers)
    graph = built(tmp_path / "graph", [str(folder)])
    write(folder / "a.jsonl", PAPERS[:1])
    assert graph.build([str(folder / "*.jsonl")], sync=True, processes=1).removed == 1
    write(folder / "sub" / "b.jsonl", PAPERS[2:3])
    assert graph.build([str(folder / "**" / "*.jsonl")], sync=True, processes=1).removed == 1
    (folder / "a.jsonl").unlink()
    assert graph.build([str(folder)], sync=True, processes=1).removed == 1


def test_a_source_is_removed_by_its_exact_name(tmp_path):
    graph = built(
        tmp_path / "graph", [write(tmp_path / "part.jsonl", PAPERS[:2]), write(tmp_path / "PART.jsonl", PAPERS[2:5])]
    )
    assert graph.remove(source="PART.jsonl").removed == 3
    assert graph.stats()["papers"] == 2


def test_strict_keeps_nothing_of_a_source_with_an_error(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps(p) + "\n" for p in records(1200, seed=5)) + "{broken\n", encoding="utf-8")
    with pytest.raises(RecordError):
        kg.open(tmp_path / "graph").build([str(path)], strict=True, processes=1)
    assert kg.open(tmp_path / "graph").stats()["records"] == 0


def test_a_damaged_projection_is_made_anew(tmp_path, halves):
    graph = built(tmp_path / "graph", [halves[0]])
    (generation,) = (tmp_path / "graph" / "rdf").iterdir()
    for file in generation.iterdir():
        file.unlink()
    graph.build([halves[1]], processes=1)
    assert len(projected(graph)) == len(ntriples(graph).splitlines())
    newest = max((tmp_path / "graph" / "rdf").iterdir(), key=lambda folder: int(folder.name))
    graph.close()
    for file in newest.glob("*.sst"):
        file.unlink()
    one = [{"id": "new", "title": "One More", "abstract": "We use dropout."}]
    graph.build([write(tmp_path / "one.jsonl", one)], processes=1)
    assert len(projected(graph)) == len(ntriples(graph).splitlines())


def test_a_text_that_gets_an_identifier_is_not_read_again(tmp_path):
    path = tmp_path / "a.jsonl"
    bare = [{"id": f"k{n}", "title": p["title"], "abstract": p["abstract"]} for n, p in enumerate(PAPERS)]
    graph = built(tmp_path / "graph", [write(path, bare)])
    report = graph.build([write(path, [{**p, "doi": f"10.1000/{n}"} for n, p in enumerate(bare)])], processes=1)
    assert (report.changed, report.papers_read) == (len(PAPERS), 0)
    assert ntriples(graph) == ntriples(built(tmp_path / "fresh", [str(path)]))


def test_a_thousand_records_of_one_paper_take_no_thousandfold_time(tmp_path):
    path = write(
        tmp_path / "a.jsonl", [{"id": str(n), "title": "On Bees", "abstract": "Bees fly."} for n in range(3000)]
    )
    graph = built(tmp_path / "graph", [path])
    assert graph.stats()["papers"] == 1
    assert graph.remove(source="a.jsonl").removed == 3000
    assert graph.stats()["papers"] == 0


def test_records_are_grouped_anew_after_an_upgrade_that_groups_otherwise(tmp_path, halves, monkeypatch):
    from kg.linking import papers

    graph = built(tmp_path / "graph", list(halves))
    before = ntriples(graph)
    monkeypatch.setattr(papers, "fingerprint", lambda: "another")
    assert graph.build(processes=1).papers["same"] == len(PAPERS)
    assert ntriples(graph) == before


def test_a_base_that_cannot_start_iris_is_refused_before_it_is_kept(tmp_path, halves):
    with pytest.raises(KgError, match="nonsense"):
        kg.open(tmp_path / "graph", base="nonsense/").build([halves[0]])
    kg.open(tmp_path / "graph").build([halves[0]], processes=1)


def test_what_cannot_be_opened_is_a_clear_error_and_leaves_no_folder(tmp_path, halves):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="a graph is a folder"):
        kg.open(tmp_path / "file").build([halves[0]])
    with pytest.raises(StoreError, match="cannot be written"):
        kg.open(tmp_path / "file" / "graph").build([halves[0]])
    with pytest.raises(StoreError, match="kg build"):
        kg.open(tmp_path / "none").build()
    with pytest.raises(SourceError):
        kg.open(tmp_path / "none").build(["nowhere.jsonl"])
    assert not (tmp_path / "none").exists()
    with pytest.raises(KgError, match="cannot be written"):
        built(tmp_path / "graph", [halves[0]]).export("ntriples", tmp_path / "no" / "x.nt")


def test_a_folder_that_may_not_be_written_is_read_all_the_same(tmp_path, halves, monkeypatch):
    graph = built(tmp_path / "graph", [halves[0]])
    monkeypatch.setattr(os, "access", lambda *arguments, **options: False)
    assert graph.stats()["papers"] == 7
