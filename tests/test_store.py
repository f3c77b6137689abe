"""The graph's file: versions, backups, transactions, and what it finds by name."""

import gzip
import json
import shutil
import sqlite3
from pathlib import Path

import pytest

import kg
from kg.errors import StoreError
from kg.store import Store, opening, tables

GRAPHS = Path(__file__).parent / "data" / "graphs"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    papers = [
        {
            "id": "1",
            "title": "On Bees",
            "abstract": "We use instrumental variables (IVs).",
            "authors": ["Ann B. Lee"],
            "doi": "10.1000/Bees",
        },
        {"id": "2", "title": "On Ants", "abstract": "We train BERT on SQuAD.", "authors": ["Ann B. Lee", "Bo Li"]},
    ]
    source = tmp_path / "papers.jsonl"
    source.write_text("".join(json.dumps(paper) + "\n" for paper in papers), encoding="utf-8")
    kg.open(tmp_path / "graph").build([str(source)], processes=1)
    return tmp_path / "graph"


@pytest.mark.parametrize("version", range(1, tables.VERSION + 1))
def test_a_graph_of_every_version_opens_and_answers(version, tmp_path):
    folder = tmp_path / "graph"
    folder.mkdir()
    with gzip.open(GRAPHS / f"v{version}.sqlite.gz") as packed, open(folder / "graph.sqlite", "wb") as file:
        shutil.copyfileobj(packed, file)
    graph = kg.open(folder)
    graph.build(processes=1)
    assert graph.stats()["papers"] == 3
    assert [row["title"] for row in graph.ask("which papers use IV regression?").records] == ["Bees and Instruments"]
    with sqlite3.connect(folder / "graph.sqlite") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (tables.VERSION,)


def test_an_older_graph_is_migrated_after_a_backup(small, monkeypatch):
    monkeypatch.setattr(opening, "VERSION", tables.VERSION + 1)
    monkeypatch.setitem(
        tables.MIGRATIONS, tables.VERSION + 1, "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('a;b');"
    )
    with Store(small, write=True) as store:
        assert store.papers.counts() == {"ok": 2}
    with sqlite3.connect(small / "graph.sqlite") as db:
        assert db.execute("SELECT text FROM notes").fetchall() == [("a;b",)]
    with sqlite3.connect(small / f"graph.sqlite.v{tables.VERSION}.backup") as backup:
        assert backup.execute("PRAGMA user_version").fetchone() == (tables.VERSION,)
        assert backup.execute("SELECT count(*) FROM papers").fetchone() == (2,)


def test_a_migration_that_fails_leaves_the_graph_as_it_was(small, monkeypatch):
    monkeypatch.setattr(opening, "VERSION", tables.VERSION + 1)
    monkeypatch.setitem(tables.MIGRATIONS, tables.VERSION + 1, "DROP TABLE usages; INSERT INTO nowhere VALUES (1);")
    with pytest.raises(StoreError):
        Store(small, write=True)
    with sqlite3.connect(small / "graph.sqlite") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (tables.VERSION,)
        assert db.execute("SELECT count(*) > 0 FROM usages").fetchone() == (1,)


def test_an_older_graph_that_is_only_read_is_refused_with_the_way_on(small, monkeypatch):
    monkeypatch.setattr(opening, "VERSION", tables.VERSION + 1)
    with pytest.raises(StoreError, match="kg build"):
        Store(small)


def test_a_transaction_is_all_or_nothing(small):
    def fail(store: Store) -> None:
        with store.transaction():
            store.set("note", 1)
            raise RuntimeError

    with Store(small, write=True) as store:
        with pytest.raises(RuntimeError):
            fail(store)
        assert store.get("note") is None


@pytest.mark.parametrize("name", ["instrumental variable", "Instrumental Variables", "IVs", "IV", "iv regression"])
def test_a_concept_is_found_by_all_its_names(small, name):
    with Store(small) as store:
        assert [hit.name for hit in store.lookup.find_concepts(name, ["Method"])] == ["instrumental variable"]


@pytest.mark.parametrize("name", ["Ann B. Lee", "ann b lee", "A. B. Lee", "A B Lee"])
def test_an_author_is_found_by_full_name_and_by_initials(small, name):
    with Store(small) as store:
        assert [(hit.name, hit.papers) for hit in store.lookup.find_authors(name)] == [("Ann B. Lee", 2)]


@pytest.mark.parametrize("reference", ["10.1000/bees", "https://doi.org/10.1000/BEES", "on bees", "1"])
def test_a_paper_is_found_by_what_people_call_it(small, reference):
    with Store(small) as store:
        assert [hit.name for hit in store.lookup.find_papers(reference)] == ["On Bees"]


def test_a_paper_is_found_by_its_iri_and_by_those_it_had(small):
    with Store(small) as store:
        (hit,) = store.lookup.find_papers("On Bees")
        assert store.lookup.find_papers(hit.iri) == [hit]
        assert store.lookup.find_papers(f"https://w3id.org/paperkg/{hit.iri}") == [hit]
    (before,) = kg.extract([_one(small, {"id": "9", "title": "On Wasps", "abstract": "Wasps sting."})], processes=1)
    bare = _one(small, {"id": "9", "title": "On Wasps", "abstract": "Wasps sting."})
    named = _one(small, {"id": "x", "title": "On Wasps", "abstract": "Wasps sting.", "doi": "10.1000/wasps"}, "named")
    kg.open(small).build([bare, named], processes=1)
    with Store(small) as store:
        (hit,) = store.lookup.find_papers("On Wasps")
        assert hit.iri != before["iri"]
        assert store.lookup.find_papers(before["iri"]) == [hit]


def _one(folder: Path, paper: dict, name: str = "one") -> str:
    path = folder.parent / f"{name}.jsonl"
    path.write_text(json.dumps(paper), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("title", ["Deep bees", "Die Straße der Bienen", "A study of CO₂ and H²"])
def test_a_paper_is_found_by_its_own_title_among_many_like_it(small, title):
    papers = [{"id": f"t{n}", "title": f"{title}, part {n}", "abstract": f"Text {n}."} for n in range(60)]
    path = small.parent / "many.jsonl"
    path.write_text("".join(json.dumps(p) + "\n" for p in [*papers, {"id": "t", "title": title, "abstract": "T."}]))
    kg.open(small).build([str(path)], processes=1)
    with Store(small) as store:
        assert [hit.name for hit in store.lookup.find_papers(title)] == [title]


def test_near_names_are_suggested(small):
    with Store(small) as store:
        assert "instrumental variable" in store.lookup.suggest("instrumnetal variable", ["Method"], 3)
        assert "Bo Li" in store.lookup.suggest("Bo Lee", ["Author"], 3)
        assert store.lookup.suggest("", ["Method"], 3) == []


def test_tables_can_be_read_with_sql_alone(small):
    with sqlite3.connect(small / "graph.sqlite") as db:
        assert db.execute("SELECT text FROM mentions WHERE text = 'IVs'").fetchall() == [("IVs",)]
        assert db.execute("SELECT count(*) FROM entities").fetchone()[0] >= 3
        assert db.execute("SELECT title FROM paper_words('ants')").fetchall() == [("On Ants",)]


def test_builds_are_remembered(small):
    (run,) = kg.open(small).runs()
    assert run["report"]["new"] == 2
    assert run["finished"] >= run["started"]
