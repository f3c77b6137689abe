"""Which records are one paper, and what that paper is."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from kg.identity import local_iri
from kg.linking import papers
from kg.model import Author, Origin, Paper, Record


def record(key: str, title: str = "On Bees", abstract: str = "Bees fly.", **fields: object) -> Record:
    return Record(
        source="jsonl",
        location=f"/data/{fields.pop('file', 'a.jsonl')}",
        key=key,
        title=title,
        abstract=abstract,
        **fields,
    )  # type: ignore[arg-type]


def groups(*records: Record) -> list[list[str]]:
    numbered = dict(enumerate(records))
    return sorted(sorted(numbered[n].key for n in group) for group in papers.group(numbered))


def test_records_of_one_identifier_are_one_paper_whatever_their_titles():
    one = record("1", title="On Bees", ids={"doi": "10.1/x"})
    other = record("2", title="Bees: A Study", abstract="Other words.", ids={"doi": "10.1/x"})
    assert groups(one, other) == [["1", "2"]]


def test_identifiers_join_through_a_record_that_bears_two():
    records = (
        record("1", "A", ids={"doi": "10.1/x"}),
        record("2", "B", ids={"doi": "10.1/x", "arxiv": "1"}),
        record("3", "C", ids={"arxiv": "1"}),
    )
    assert groups(*records) == [["1", "2", "3"]]


def test_equal_titles_and_abstracts_join_whatever_their_case_and_punctuation():
    assert groups(record("1", "On  bees!"), record("2", "On Bees", "Bees fly")) == [["1", "2"]]


def test_equal_titles_with_other_abstracts_stay_apart():
    assert groups(record("1"), record("2", abstract="Bees sleep.")) == [["1"], ["2"]]


def test_two_identifiers_of_one_kind_never_join_by_title():
    assert groups(record("1", ids={"doi": "10.1/x"}), record("2", ids={"doi": "10.1/y"})) == [["1"], ["2"]]


def test_identifiers_of_two_kinds_join_by_title():
    assert groups(record("1", ids={"doi": "10.1/x"}), record("2", ids={"arxiv": "1"})) == [["1", "2"]]


def test_a_record_without_identifier_joins_neither_of_two_that_must_stay_apart():
    records = [record("1", ids={"doi": "10.1/x"}), record("2", ids={"doi": "10.1/y"}), record("3"), record("4")]
    for order in itertools.permutations(records):
        assert groups(*order) == [["1"], ["2"], ["3", "4"]]


def test_the_richer_record_wins_field_by_field_and_all_origins_stay_known():
    poor = record("p", file="page.txt", n_authors=2, date="2024-01-05", date_kind="listed", comments=3)
    rich = record(
        "r",
        ids={"doi": "10.1/x"},
        authors=(Author("Ann Lee"), Author("Bo Li")),
        date="2024",
        urls=("https://doi.org/10.1/x",),
    )
    assert papers.merge([poor, rich]) == Paper(
        iri=local_iri("P", "paper", "doi", "10.1/x"),
        id="r",
        title="On Bees",
        abstract="Bees fly.",
        ids={"doi": "10.1/x"},
        authors=(Author("Ann Lee"), Author("Bo Li")),
        n_authors=2,
        date="2024-01-05",
        date_kind="listed",
        urls=("https://doi.org/10.1/x",),
        comments=3,
        origins=(Origin("jsonl", "a.jsonl", "r"), Origin("jsonl", "page.txt", "p")),
        replaces=(papers.merge([poor]).iri,),
    )


def test_an_iri_resolves_after_the_paper_got_a_stronger_identifier():
    before = papers.merge([record("1", ids={"arxiv": "2401.00001"})])
    after = papers.merge([record("1", ids={"arxiv": "2401.00001", "doi": "10.1/x"})])
    assert before.iri != after.iri
    assert before.iri in after.replaces


def test_a_list_that_names_fewer_authors_never_hides_a_full_one():
    some = record("1", authors=(Author("Ann Lee"),), more_authors=True)
    full = record("2", file="b.jsonl", authors=(Author("Ann Lee"), Author("Bo Li")))
    merged = papers.merge([some, full])
    assert ([a.name for a in merged.authors], merged.more_authors) == (["Ann Lee", "Bo Li"], False)


records = st.builds(
    lambda key, title, doi, arxiv, authors, date: record(
        key,
        title=title,
        file=f"{key}.jsonl",
        ids={k: v for k, v in (("doi", doi), ("arxiv", arxiv)) if v},
        authors=tuple(Author(a) for a in authors),
        date=date,
    ),
    st.uuids().map(str),
    st.sampled_from(["On Bees", "On Ants", "on bees"]),
    st.sampled_from([None, None, "10.1/x", "10.1/y", "10.1/z"]),
    st.sampled_from([None, None, "2401.00001", "2401.00002"]),
    st.lists(st.sampled_from(["Ann Lee", "Bo Li", "Cy Oz"]), max_size=3),
    st.sampled_from([None, "2023", "2023-05-01", "2024-05-01"]),
)


@given(st.lists(records, max_size=8), st.randoms())
def test_neither_groups_nor_papers_depend_on_order(found, random):
    def made(records):
        numbered = dict(enumerate(records))
        return sorted(
            (papers.merge([numbered[n] for n in group]) for group in papers.group(numbered)), key=lambda p: p.iri
        )

    shuffled = random.sample(found, len(found))
    assert made(shuffled) == made(found)


@given(st.lists(records, max_size=8))
def test_no_two_papers_share_an_iri_and_none_is_lost(found):
    numbered = dict(enumerate(found))
    grouped = papers.group(numbered)
    assert sorted(n for group in grouped for n in group) == sorted(numbered)
    assert len({papers.merge([numbered[n] for n in group]).iri for group in grouped}) == len(grouped)
