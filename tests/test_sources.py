"""Locations to records: what is read, what is reported, and that nothing is lost between."""

import bz2
import gzip
import io
import json
import lzma
import os
import random
import re
import tracemalloc
import zipfile
import zlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError, RecordError, SourceError
from kg.model import Author, Origin, Record
from kg.registry import load
from kg.sources import SOURCES, expand, read_records, recognise, total_bytes

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
SAMPLES = {path.stem: path for path in (Path(__file__).parent / "data" / "sources").iterdir()}


def read(*locations: Any, **options: Any) -> list[Record | RecordError]:
    return list(read_records([str(location) for location in locations], **options))


def records(*locations: Any, **options: Any) -> list[Record]:
    found = read(*locations, **options)
    assert [item for item in found if isinstance(item, RecordError)] == []
    return [item for item in found if isinstance(item, Record)]


def errors(*locations: Any, **options: Any) -> list[tuple[str, int, str]]:
    found = read(*locations, **options)
    return [(Path(e.location).name, e.line, e.reason) for e in found if isinstance(e, RecordError)]


def from_bytes(data: bytes, **options: Any) -> list[Record | RecordError]:
    return read("-", stdin=io.BytesIO(data), **options)


def from_rows(*rows: dict[str, Any], **options: Any) -> list[Record | RecordError]:
    return from_bytes("\n".join(json.dumps(row) for row in rows).encode(), **options)


# the table


@pytest.mark.parametrize("name", SOURCES)
def test_every_source_recognises_and_reads_its_sample_and_says_its_name(name: str) -> None:
    assert recognise(SAMPLES[name].read_text()) == name
    assert {record.source for record in records(SAMPLES[name])} == {name}


def test_every_sample_belongs_to_a_source() -> None:
    assert SAMPLES.keys() == SOURCES.keys()


def test_every_registered_source_loads() -> None:
    assert all(callable(load(SOURCES, name, "source").read) for name in SOURCES)


def test_a_source_by_name_overrides_recognition() -> None:
    row = {"id": "0704.0001", "title": "T", "abstract": "a\nb", "update_date": "2007-05-23"}
    assert [r.source for r in from_rows(row)] == ["arxiv"]
    assert [(r.source, r.abstract) for r in from_rows(row, source="jsonl")] == [("jsonl", "a\nb")]


def test_an_unknown_source_is_refused_with_the_known_before_anything_is_read() -> None:
    with pytest.raises(KgError, match=r"unknown source 'bibtex'.*arxiv, huggingface, jsonl, listing"):
        read_records(["-"], source="bibtex")


# the page


def test_a_page_gives_titles_abstracts_counts_dates_and_comments() -> None:
    first, second, third = records(SAMPLES["huggingface"])
    assert first == Record(
        source="huggingface",
        location=SAMPLES["huggingface"].as_posix(),
        key=first.key,
        title="Counting Lighthouses from Orbit",
        abstract="We count lighthouses in satellite images with a small network.\n\nIt finds 97% of them.",
        n_authors=3,
        date="2023-01-05",
        date_kind="published",
        comments=12,
    )
    assert (second.title, second.date, second.n_authors) == ("A Note without a Footer", None, None)
    assert (third.title, third.date, third.n_authors, third.comments) == (
        "Tides of the Baltic Sea", "2024-02-07", 1204, None,
    )  # fmt: skip


def test_a_year_that_is_given_dates_what_has_none() -> None:
    assert [r.date for r in records(SAMPLES["huggingface"], year=2031)] == ["2023-01-05", None, "2031-02-07"]


def test_a_page_that_names_no_year_reports_its_dates_and_says_how_to_mend_it() -> None:
    page = b"Daily Papers\n\nA Title\n\nAn abstract.\n\n  \xe2\x80\xa2 2 authors\n\xc2\xb7\nSep 9\n"
    (error,) = from_bytes(page)
    assert str(error) == "-:3: no year: 'Sep 9', and the page names none (give it with --year)"
    assert [r.date for r in from_bytes(page, year=2025)] == ["2025-09-09"]


def test_an_impossible_date_is_reported() -> None:
    page = "Daily Papers\n\nA Title\n\nAn abstract.\n\n•\xa02 authors\n·\nFeb 30, 2024\n"
    (error,) = from_bytes(page.encode())
    assert str(error) == "-:3: impossible date: 'Feb 30, 2024' (day is out of range for month)"


def test_keys_on_a_page_follow_from_content_and_not_from_position() -> None:
    one, two, same = (
        f"{title}\n\n{abstract}\n\n  • 2 authors\n·\nMay 1, 2024\n\n"
        for title, abstract in (("One", "First."), ("Two", "Second."), ("Two", "Another paper."))
    )
    keys = {r.abstract: r.key for r in from_bytes((one + two + same).encode())}
    turned = {r.abstract: r.key for r in from_bytes((same + one + two).encode())}
    assert keys == turned
    assert len(set(keys.values())) == 3
    assert [r.key for r in from_bytes(one.encode())] == [keys["First."]]
    assert [r.key for r in from_bytes(one.replace("First.", "Corrected.").encode())] == [keys["First."]]


def test_pages_after_one_another_are_read_without_their_preambles() -> None:
    page = SAMPLES["huggingface"].read_bytes()
    assert [r.title for r in from_bytes(page + page)] == [r.title for r in records(SAMPLES["huggingface"])] * 2


def test_text_before_a_page_or_listing_is_reported_when_it_is_more_than_a_preamble() -> None:
    assert len(from_bytes(b"Models\nDatasets\n" + SAMPLES["huggingface"].read_bytes())) == 3
    for name, reason in (("huggingface", "the page's heading"), ("listing", "the first head")):
        error, *rest = from_bytes(b"Other\n" + b"words " * 50 + b"\n" + SAMPLES[name].read_bytes())
        assert isinstance(error, RecordError)
        assert error.reason == f"unread text before {reason}"
        assert [r.title for r in rest] == [r.title for r in records(SAMPLES[name])]


SEED_TABLE = [
    # read off the pages by eye: title, date, number of authors, comments
    ("Binary and Ternary Natural Language Generation", "2023-06-02", 5, None),
    ("Partial Correlations in Compositional Data Analysis", "2019-04-20", 1, None),
    ("An Analysis of Causal Effect Estimation using Outcome Invariant Data Augmentation", "2025-10-28", 5, 1),
    ("Can Models Learn Skill Composition from Examples?", "2024-09-29", 5, 2),
    ("RegMix: Data Mixture as Regression for Language Model Pre-training", "2024-07-01", 8, 7),
    ("Fair coins tend to land on the same side they started: Evidence from 350,757 flips", "2023-10-06", 50, None),
    ("Encoding Multi-level Dynamics in Effect Heterogeneity Estimation", None, None, None),
    ("A Study of Global and Episodic Bonuses for Exploration in Contextual MDPs", "2023-06-05", 3, None),
    ("Contributions to Robust and Efficient Methods for Analysis of High Dimensional Data", "2025-09-09", 1, None),
    ("Ergotropy and Capacity Optimization in Heisenberg Spin Chain Quantum Batteries", "2024-07-31", 8, None),
    ("Decomposing MLP Activations into Interpretable Features via Semi-Nonnegative Matrix Factorization",
     "2025-06-12", 3, 2),
    ("Met^2Net: A Decoupled Two-Stage Spatio-Temporal Forecasting Model for Complex Meteorological Systems",
     "2025-07-23", 4, 1),
    ("Genomic Next-Token Predictors are In-Context Learners", None, None, None),
    ("The Consciousness Prior", "2017-09-25", 1, None),
    ("How Useful is Continued Pre-Training for Generative Unsupervised Domain Adaptation?", "2024-01-30", 3, None),
]  # fmt: skip


def test_the_seeds_give_95_records_of_92_titles() -> None:
    found = records(SEEDS)
    assert Counter(r.source for r in found) == {"listing": 5, "huggingface": 90}
    assert len({r.title for r in found}) == 92
    assert len({(r.location, r.key) for r in found}) == 95


@pytest.mark.parametrize(("title", "date", "n_authors", "comments"), SEED_TABLE)
def test_a_seed_record_is_as_it_stands_on_its_page(
    title: str, date: str | None, n_authors: int | None, comments: int | None
) -> None:
    found = {(r.date, r.n_authors, r.comments) for r in records(SEEDS) if r.title == title}
    assert found == {(date, n_authors, comments)}


def test_the_seeds_hold_four_records_without_count_and_date_and_none_with_either_alone() -> None:
    pages = [r for r in records(SEEDS) if r.source == "huggingface"]
    assert [(r.n_authors is None, r.date is None) for r in pages].count((True, True)) == 4
    assert all((r.n_authors is None) == (r.date is None) for r in pages)


def test_the_abstracts_of_the_seeds_are_lines_of_the_files() -> None:
    lines = {line.strip() for path in SEEDS.iterdir() for line in path.read_text().splitlines()}
    assert {r.abstract for r in records(SEEDS)} <= lines


# the listing


def test_a_listing_gives_category_date_title_and_authors() -> None:
    first, second = records(SAMPLES["listing"])
    assert first == Record(
        source="listing",
        location=SAMPLES["listing"].as_posix(),
        key=first.key,
        title="Lighthouses and the Price of Fish",
        abstract="We study lighthouses.\nThey matter.",
        authors=(Author("Ada Berg"), Author("Jean-Pierre d'Arc"), Author("Ronald McAllister")),
        more_authors=True,
        date="2023-08-17",
        date_kind="listed",
        categories=("GN",),
    )
    assert (second.title, second.authors, second.more_authors, second.categories, second.date) == (
        "Reading Harbour Logs with GPT-4", (Author("Xi Wang"),), False, ("econ.EM",), "2024-02-29",
    )  # fmt: skip


def test_the_seed_listing_is_split_at_its_authors() -> None:
    assert [
        (r.title, [a.name for a in r.authors], r.more_authors) for r in records(SEEDS) if r.source == "listing"
    ] == [
        ("Large Language Models at Work in China's Labor Market",
         ["Qin Chen", "Jinfeng Ge", "Huaqing Xie"], True),
        ("Optimal Trade and Industrial Policies in the Global Economy: A Deep Learning Framework",
         ["Zi Wang", "Xingcheng Xu", "Yanqing Yang"], True),
        ("It Ain't That Bad: Understanding the Mysterious Performance Drop in OOD Generalization for Generative "
         "Transformer Models", ["Xingcheng Xu", "Zihao Pan", "Haipeng Zhang"], True),
        ("Machine Learning for Economic Forecasting: An Application to China's GDP Growth",
         ["Yanqing Yang", "Xingcheng Xu", "Jinfeng Ge"], True),
        ("Principled Understanding of Generalization for Generative Transformer Models in Arithmetic Reasoning Tasks",
         ["Xingcheng Xu", "Zibo Zhao", "Haipeng Zhang"], True),
    ]  # fmt: skip


@pytest.mark.parametrize("title", [
    "A Survey of LLMs", "Reasoning with GPT-4", "The Limits of BERT", "What is R-CNN?", "Quantum Chaos (QC)",
    "Deep Sets in 3D", "Learning 'by Doing'", "On DeBERTa, RoBERTa and their Kin", "Vitamin C", "Étude à Genève",
    "RegMix: Data Mixture as Regression", "Creativity, Diversity, and Evolution of Ideas", "Trade in the U.S.",
])  # fmt: skip
@pytest.mark.parametrize("authors", [
    ["John Smith"], ["J. R. Smith", "A. Jones"], ["J.-P. Dupont"], ["Jean-Luc Godard", "Xi Wang"], ["Ronald McDonald"],
    ["Ángel Núñez", "Łukasz Kaiser"], ["Kees van der Berg", "Maria de la Cruz"], ["Conor O'Brien", "Ana d'Arc"],
    ["Martin Luther King Jr.", "Ge Xu"],
])  # fmt: skip
@pytest.mark.parametrize("end", ["", " et al."])
def test_a_title_is_split_from_the_names_glued_to_it(title: str, authors: list[str], end: str) -> None:
    (found,) = from_bytes(f"LGMay 1, 2024\n{title}{', '.join(authors)}{end}\nAn abstract.\n".encode())
    assert (found.title, [a.name for a in found.authors], found.more_authors) == (title, authors, bool(end))


def test_a_name_may_begin_with_a_particle_and_initials_may_stand_close() -> None:
    found = from_bytes(b"LGMay 1, 2024\nThe Use of BERTvan der Berg\nA.\nLGMay 1, 2024\nDeep SetsJ.R. Smith\nB.\n")
    assert [(r.title, r.authors) for r in found] == [
        ("The Use of BERT", (Author("van der Berg"),)), ("Deep Sets", (Author("J.R. Smith"),)),
    ]  # fmt: skip


# arXiv's snapshot


def test_the_snapshot_is_unwrapped_and_its_names_are_plain() -> None:
    first, second = records(SAMPLES["arxiv"])
    assert first == Record(
        source="arxiv",
        location=SAMPLES["arxiv"].as_posix(),
        key="0704.0001",
        title="Lighthouses on rocks",
        abstract="A first paragraph that is wrapped.\nA second one.",
        ids={"arxiv": "0704.0001", "doi": "10.1000/abc.1"},
        authors=(Author("A. Berg"), Author("H. Poincaré"), Author("M. Müller Jr."), Author("ALICE Collaboration")),
        date="2007-04-02",
        date_kind="published",
        urls=("https://arxiv.org/abs/0704.0001", "https://doi.org/10.1000/abc.1", "https://doi.org/10.1000/abc.2"),
        categories=("hep-ph", "astro-ph.CO"),
    )
    assert second == Record(
        source="arxiv",
        location=SAMPLES["arxiv"].as_posix(),
        key="cmp-lg/9405013",
        title="Cue phrases",
        abstract="Plain text.",
        ids={"arxiv": "cmp-lg/9405013"},
        authors=(Author("Rebecca J. Stone"), Author("Diane Lake")),
        date="1994-05-09",
        date_kind="updated",
        urls=("https://arxiv.org/abs/cmp-lg/9405013",),
        categories=("cmp-lg", "cs.CL"),
    )


def test_names_without_their_parsed_form_lose_affiliations_and_tex() -> None:
    row = json.loads(SAMPLES["arxiv"].read_text().splitlines()[0])
    del row["authors_parsed"]
    (found,) = from_rows(row)
    assert [a.name for a in found.authors] == [
        "A. Berg",
        "H. Poincaré",
        "M. Müller",
        "J. Łukasz",
        "ALICE Collaboration",
    ]


@pytest.mark.parametrize(("written", "names", "more"), [
    ("A. Smith, B. Jones et al.", ["A. Smith", "B. Jones"], True),
    ("Claudio Corti, for the AMS collaboration", ["Claudio Corti", "AMS collaboration"], False),
    (" Jaroslav Zalesak for the CALICE Collaboration", ["Jaroslav Zalesak", "CALICE Collaboration"], False),
    ("K. -H. Becker and S. In", ["K.-H. Becker", "S. In"], False),
    (r"Mladen Victor Wickerhauser$^{1}$, Bogdan Raoni\'{c}, Jos\'e \'Alvarez",
     ["Mladen Victor Wickerhauser", "Bogdan Raonić", "José Álvarez"], False),
    (r"Martin \v{Z}ofka, {\O}yvind {\AA}s, \c{S}ule K{\i}l{\i}\c{c}",
     ["Martin Žofka", "Øyvind Ås", "Şule Kılıç"], False),
    ("Sammy Davis, Jr., Ada Berg", ["Sammy Davis Jr.", "Ada Berg"], False),
    ("", [], False),
])  # fmt: skip
def test_the_snapshot_s_authors_become_names(written: str, names: list[str], more: bool) -> None:
    row = {"id": "0704.0001", "title": "T", "abstract": "", "authors": written, "update_date": "2007-05-23"}
    (found,) = from_rows(row)
    assert ([a.name for a in found.authors], found.more_authors) == (names, more)


# JSON lines


def test_json_lines_give_what_they_say() -> None:
    first, second, third = records(SAMPLES["jsonl"])
    location = SAMPLES["jsonl"].as_posix()
    assert first == Record(
        source="jsonl",
        location=location,
        key="arXiv:2508.17502v2",
        title="Lighthouses as Beacons",
        abstract="We place beacons.",
        ids={"arxiv": "2508.17502"},
        authors=(Author("Ada Berg"), Author("Bo Lind", "0000-0002-1825-0097")),
        date="2025-08",
        urls=("https://arxiv.org/abs/2508.17502",),
        categories=("cs.RO",),
    )
    assert second == Record(
        source="jsonl",
        location=location,
        key="7",
        title="No Abstract",
        ids={"doi": "10.1000/xyz"},
        n_authors=4,
        urls=("https://example.org/a",),
    )
    assert third == Record(
        source="jsonl",
        location=location,
        key="P0123456789abcdef0123",
        title="Harbours",
        abstract="A port.",
        ids={"arxiv": "2401.00001", "pmid": "123"},
        authors=(Author("Ada Berg"),),
        more_authors=True,
        date="2024-01-02",
        date_kind="listed",
        categories=("GN",),
        comments=3,
        origins=(Origin("listing", "a.txt", "title-0"),),
        replaces=("Pfedcba98765432100000",),
    )


def test_a_line_without_id_has_a_key_from_its_content() -> None:
    rows = [{"title": "T", "abstract": "one"}, {"title": "T", "abstract": "two"}]
    there, back = from_rows(*rows), from_rows(*reversed(rows))
    assert len({r.key for r in there}) == 2
    assert [r.key for r in there] == [r.key for r in reversed(back)]


@pytest.mark.parametrize(("fields", "reason"), [
    ({"title": ["T"]}, "title is not a string: a list"),
    ({"title": " \t"}, "no title"),
    ({"title": None}, "no title"),
    ({"title": "t" * 5001}, "title too long: 5,001 characters (at most 5,000)"),
    ({"abstract": 3}, "abstract is not a string: a number"),
    ({"abstract": "x" * 100_001}, "abstract too long: 100,001 characters (at most 100,000)"),
    ({"abstract": "half \ud800 pair"}, "half a surrogate pair: the text cannot be written as UTF-8"),
    ({"id": 1.5}, "id is not a string: a number"),
    ({"id": True}, "id is not a string: a truth value"),
    ({"authors": "Ada Berg"}, "authors is not a list: a string"),
    ({"authors": [4]}, "authors holds a number, not a string"),
    ({"authors": [{"name": "A B", "orcid": "12"}]}, "authors.orcid is no ORCID iD: '12'"),
    ({"n_authors": "5"}, "n_authors is not a whole number: a string"),
    ({"n_authors": True}, "n_authors is not a whole number: a truth value"),
    ({"n_authors": 10**30}, "n_authors is out of range: 10000000000000000000 (0 to 1,000,000)"),
    ({"date": "2024-02-30"}, "impossible date: '2024-02-30' (day is out of range for month)"),
    ({"date": "2024-00"}, "impossible date: '2024-00' (month must be in 1..12)"),
    ({"date": "soon"}, "not a date: 'soon' (such as 2024-09-29, 2024-09, 2024 or Sep 29, 2024)"),
    ({"date": "2024", "date_kind": "guessed"},
     "date_kind is unknown: 'guessed' (known are published, updated, listed)"),
    ({"urls": ["no address"]}, "urls holds no address: 'no address' (such as https://example.org/paper)"),
    ({"doi": "11.1/x"}, "doi is no such identifier: '11.1/x'"),
    ({"ids": ["x"]}, "ids is not an object: a list"),
    ({"sources": [{"source": "x"}]}, "sources.file holds null, not a string"),
    ({"replaces": ["nothing"]}, "replaces holds no paper's IRI: 'nothing' (P and 20 hex digits)"),
])  # fmt: skip
def test_a_field_of_the_wrong_kind_is_reported_by_name_and_the_next_line_is_read(
    fields: dict[str, Any], reason: str
) -> None:
    bad, good = from_rows({"id": "a", "title": "T"} | fields, {"id": "b", "title": "Good"})
    assert (bad.line, bad.reason, good.title) == (1, reason, "Good")


def test_lines_that_are_no_objects_are_reported_with_their_number(tmp_path: Path) -> None:
    path = tmp_path / "papers.jsonl"
    path.write_bytes(
        b'{"id": "a", "title": "A"}\n\n{"id": "b", "tit\n[1]\n{"id": "c", "title": "\xff"}\n'
        + b"[" * 100_000 + b'\n{"id": "d", "title": "D"}'
    )  # fmt: skip
    found = read(path)
    assert [(r.title if isinstance(r, Record) else (r.line, r.reason.split(":")[0])) for r in found] == [
        "A", (3, "not JSON"), (4, "not a JSON object"), (5, "not UTF-8"), (6, "not JSON"), "D",
    ]  # fmt: skip


def test_empty_withdrawn_and_foreign_abstracts_are_no_errors() -> None:
    rows = [{"id": i, "title": "T", "abstract": a} for i, a in enumerate(["", "This paper has been withdrawn.", "Это"])]
    assert [r.abstract for r in from_rows(*rows)] == ["", "This paper has been withdrawn.", "Это"]


def test_control_characters_become_blanks_and_no_offset_moves() -> None:
    abstract = "x\x0cy\r\nz\ttab\x85e\u0301\ufffe."
    (found,) = from_rows({"id": "a\x00b", "title": " A\x00title\nin two ", "abstract": abstract})
    assert (found.key, found.title, found.abstract) == ("a b", "A title in two", "x y \nz\ttab e\u0301 .")


# files


PACKERS = {
    "gz": gzip.compress,
    "xz": lzma.compress,
    "bz2": lambda data: bz2.compress(data, 1),
    "zst": zstandard.compress,
}


@pytest.mark.parametrize("kind", PACKERS)
@pytest.mark.parametrize("name", SOURCES)
def test_compressed_files_are_known_by_their_bytes(kind: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "anything"
    path.write_bytes(PACKERS[kind](SAMPLES[name].read_bytes()))
    assert [r.title for r in records(path)] == [r.title for r in records(SAMPLES[name])]


@pytest.mark.parametrize("kind", PACKERS)
def test_a_file_cut_short_gives_what_lies_before_and_an_error_and_the_next_file_is_read(
    kind: str, tmp_path: Path
) -> None:
    rows = "".join(
        json.dumps({"id": i, "title": f"T{i}", "abstract": os.urandom(40).hex()}) + "\n" for i in range(9000)
    )
    packed = PACKERS[kind](rows.encode())
    (tmp_path / "a").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "b.jsonl").write_text('{"id": "z", "title": "Z"}')
    *before, error, last = read(tmp_path)
    assert [r.title for r in before] == [f"T{i}" for i in range(len(before))]
    assert (len(before) > 0, error.line, error.reason.split(":")[0]) == (True, len(before) + 1, "damaged file")
    assert last.title == "Z"


def test_frames_of_zstandard_after_one_another_are_one_file() -> None:
    one, two = (zstandard.compress(b'{"id": %d, "title": "T"}\n' % i) for i in (1, 2))
    assert [r.key for r in from_bytes(one + two)] == ["1", "2"]


def test_a_damaged_page_does_not_give_half_an_abstract() -> None:
    page = "".join(f"T{i}\n\n{os.urandom(500).hex()}\n\n  • 2 authors\n·\nMay 1, 2024\n\n" for i in range(400)).encode()
    packed = gzip.compress(page)
    *found, error = from_bytes(packed[: len(packed) // 2])
    assert isinstance(error, RecordError)
    assert {len(r.abstract) for r in found} == {1000}


def test_every_member_of_a_zip_is_a_file_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b/listing.txt", SAMPLES["listing"].read_bytes())
        archive.writestr("a.jsonl.xz", lzma.compress(b'{"id": 1, "title": "T"}'))
        archive.writestr("__MACOSX/._a", b"junk")
        archive.writestr("c.png", b"\x89PNG\r\n\x1a\n\x00")
    found = read(path)
    assert [item.location for item in found] == [
        f"{path}!a.jsonl.xz", f"{path}!b/listing.txt", f"{path}!b/listing.txt", f"{path}!c.png",
    ]  # fmt: skip
    assert [isinstance(item, RecordError) for item in found] == [False, False, False, True]
    assert len(from_bytes(path.read_bytes())) == 4


def test_standard_input_is_a_location_like_another() -> None:
    (first, _) = from_bytes(SAMPLES["listing"].read_bytes())
    assert (first.location, first.title) == ("-", "Lighthouses and the Price of Fish")


def test_folders_globs_and_files_give_each_file_once_in_order(tmp_path: Path) -> None:
    for name in ("b/2.jsonl", "b/1.jsonl", "a.jsonl", ".hidden", ".git/x", "b/.y"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text('{"id": 1, "title": "T"}')
    paths = [(tmp_path / name).as_posix() for name in ("a.jsonl", "b/1.jsonl", "b/2.jsonl")]
    assert list(expand([str(tmp_path)])) == paths
    assert list(expand([f"{tmp_path}/b/*.jsonl", str(tmp_path), "-"])) == [*paths[1:], paths[0], "-"]
    assert list(expand([f"{tmp_path}/.hidden"])) == [f"{tmp_path}/.hidden"]
    assert total_bytes([str(tmp_path)]) == 3 * 23
    assert total_bytes([str(tmp_path), "-"]) is None


def test_a_location_that_is_not_there_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere.*is not there: give a file, a folder, a pattern"):
        read_records([str(SAMPLES["jsonl"]), str(tmp_path / "nowhere")])


def test_what_is_not_known_is_reported_once_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("title,abstract\nA,B\n")
    (tmp_path / "2.json").write_text('[{"title": "A"}]')
    (tmp_path / "3.empty").write_text("")
    (tmp_path / "4.bin").write_bytes(bytes(range(128, 256)) * 10)
    (tmp_path / "5.jsonl").write_text('\ufeff{"id": 1, "title": "T"}\r\n')
    assert errors(tmp_path) == [
        ("1.csv", 0, "unrecognised content: 'title,abstract\\nA,B' (known are arxiv, jsonl, huggingface, listing)"),
        ("2.json", 0, "unrecognised content: a JSON array: write one object a line "
                      "(known are arxiv, jsonl, huggingface, listing)"),
        ("4.bin", 1, "not UTF-8: byte 0x80 at position 1 of the line"),
    ]  # fmt: skip
    assert [r.title for r in read(tmp_path) if isinstance(r, Record)] == ["T"]


@pytest.mark.parametrize("pack", [bytes, *PACKERS.values()])
def test_the_bytes_told_of_add_up_to_the_total(pack: Any, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(pack(SAMPLES["jsonl"].read_bytes() * 500))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("c.jsonl", SAMPLES["jsonl"].read_bytes() * 50)
    told: list[int] = []
    records(tmp_path, on_bytes=told.append)
    assert sum(told) == total_bytes([str(tmp_path)])


def peak_of_reading(path: Path) -> int:
    tracemalloc.start()
    for _ in read_records([str(path)]):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_a_large_file_needs_no_more_memory_than_a_small_one(tmp_path: Path) -> None:
    peaks = []
    for name, count in (("warm", 500), ("small", 1500), ("large", 15_000)):
        with gzip.open(tmp_path / name, "wt", compresslevel=1) as file:
            for i in range(count):
                file.write(json.dumps({"id": i, "title": f"T{i}", "abstract": "many words " * 100}) + "\n")
        peaks.append(peak_of_reading(tmp_path / name))
    assert peaks[2] < 1.2 * peaks[1] + 100_000


def test_a_line_without_end_is_reported_and_not_held(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"id": 1, "title": "A"}\n{"title": "' + b"x" * 30_000_000 + b'"}\n{"id": 2, "title": "B"}\n')
    assert [(r.title if isinstance(r, Record) else str(r.line) + r.reason) for r in read(path)] == [
        "A", "2line too long: over 2,097,152 bytes", "B",
    ]  # fmt: skip
    assert peak_of_reading(path) < 15_000_000


# mutations


LINES = {name: SAMPLES[name].read_bytes().splitlines() for name in ("arxiv", "jsonl")}
HOSTILE = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"{", b"}", b"[", b'{"title"', b"null", b"\xff\xfe", b"\x00", b'{"id": 3}']),
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(name=st.sampled_from(sorted(LINES)), data=st.data())
def test_no_untouched_line_is_lost_whatever_happens_to_the_others(name: str, data: st.DataObject) -> None:
    good = LINES[name]
    lines: list[tuple[bool, bytes]] = [(True, line) for line in good]
    for _ in range(data.draw(st.integers(1, 4))):
        victim = bytearray(data.draw(st.sampled_from(good)))
        at = data.draw(st.integers(0, len(victim)))
        victim[at : at + data.draw(st.integers(0, 30))] = data.draw(HOSTILE).replace(b"\n", b"").replace(b"\r", b"")
        lines.insert(data.draw(st.integers(0, len(lines))), (bytes(victim) in good, bytes(victim)))
    found = Counter(repr(r) for r in from_bytes(b"\n".join(line for _, line in lines)) if isinstance(r, Record))
    expected = Counter(repr(r) for r in from_bytes(b"\n".join(line for untouched, line in lines if untouched)))
    assert not expected - found


@settings(max_examples=120, deadline=None, derandomize=True)
@given(name=st.sampled_from(sorted(SOURCES)), data=st.data())
def test_no_mutation_of_a_sample_gives_a_traceback(name: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[name].read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        at, length = data.draw(st.integers(0, len(content))), data.draw(st.integers(0, 60))
        piece = bytes(content[at : at + length])
        content[at : at + length] = data.draw(st.sampled_from([b"", piece * 2, piece[::-1]]) | HOSTILE)
    for item in [*from_bytes(bytes(content)), *from_bytes(bytes(content), source=name)]:
        if isinstance(item, Record):
            assert item.title == item.title.strip() != ""
            assert f"{item.key}{item.title}{item.abstract}{item.authors}".encode()
        else:
            assert isinstance(item, RecordError)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(kind=st.sampled_from([*PACKERS, "zip"]), data=st.data())
def test_no_mutation_of_a_packed_file_gives_a_traceback(kind: str, data: st.DataObject) -> None:
    plain = SAMPLES["jsonl"].read_bytes() * 3
    if kind == "zip":
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.jsonl", plain)
        packed = bytearray(buffer.getvalue())
    else:
        packed = bytearray(PACKERS[kind](plain))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(packed)))
        packed[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    assert all(isinstance(item, Record | RecordError) for item in from_bytes(bytes(packed)))


# real records


@pytest.mark.skipif(not os.environ.get("PAPERKG_DATA"), reason="PAPERKG_DATA names no folder with real records")
def test_five_thousand_real_records_are_read_without_error() -> None:
    found = records(Path(os.environ["PAPERKG_DATA"]) / "arxiv_sample")
    assert len(found) == 5000
    assert all(r.ids and r.authors and r.date and not re.search(r"\s{2}|\\", r.title[:1]) for r in found)


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress], ids=["gz", "xz"])
def test_all_that_can_be_unpacked_before_the_damage_is_read(pack, tmp_path):
    lines = [
        json.dumps({"id": str(n), "title": f"Paper {n}", "abstract": random.Random(n).randbytes(700).hex()})
        for n in range(300)
    ]
    data = pack("\n".join(lines).encode())
    cut = tmp_path / "cut.jsonl"
    cut.write_bytes(data[: len(data) * 2 // 3])
    found = list(read_records([str(cut)]))
    decompressor = zlib.decompressobj(31) if pack is gzip.compress else lzma.LZMADecompressor()
    whole_lines = decompressor.decompress(cut.read_bytes()).count(b"\n")
    assert [type(item).__name__ for item in found] == ["Record"] * whole_lines + ["RecordError"]
