"""Saved questions, their parameters and values, and plain English."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kg import questions
from kg.engines.sparql import SparqlEngine, rebuild
from kg.errors import NotFoundError, QueryError
from kg.questions import Answer, parse
from kg.questions.ask import EXAMPLES, FORMS, _share_is, ask
from kg.questions.english import Period, spellings, split_period, tidy
from kg.questions.lookup import Hit
from kg.questions.parameters import not_found
from kg.questions.running import bind
from kg.questions.saved import PLACE
from tests.small_graph import BASE, PAPERS, SENTENCE, Names, blocks, key

NAMES = Names()
TITLE = {paper: str(known["title"]) for paper, known in PAPERS.items()}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparqlEngine]:
    folder: Path = tmp_path_factory.mktemp("questions") / "projection"
    rebuild(folder, blocks(), BASE)
    with SparqlEngine(folder, base=BASE) as engine:
        yield engine
        engine.close()


def run(engine: SparqlEngine, name: str, **values: str) -> Answer:
    return questions.run(name, values, engine=engine, lookup=NAMES, timeout=60)


def rows(answer: Answer, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(record[column] for column in columns) for record in answer.records]


IV, BERT = {"concept": "IV"}, {"concept": "BERT"}
ONE, TWO, THREE = TITLE["one"], TITLE["two"], TITLE["three"]

# Saved question, values, columns to look at, and the rows that the graph made by hand must give.
EXPECTED: list[tuple[str, dict[str, str], str, list[tuple[Any, ...]]]] = [
    (
        "papers-by-concept",
        IV,
        "title role name confidence",
        [
            (TWO, "proposed", "two-stage least squares", 0.95),
            (ONE, "used", "instrumental variable", 0.9),
            (THREE, "mentioned", "instrumental variable", 0.4),
        ],
    ),
    ("papers-by-concept", {**BERT, "role": "compared"}, "title role", [(TWO, "compared"), (THREE, "compared")]),
    ("papers-by-method", {"method": "ivs", "role": "use"}, "title date", [(TWO, "2024-03-02"), (ONE, "2019-05-01")]),
    ("papers-by-method", {"method": "IV", "minConfidence": "0.5", "toYear": "2020"}, "title", [(ONE,)]),
    ("papers-by-model", {"model": "bert-base"}, "title role", [(TWO, "used"), (THREE, "compared")]),
    ("papers-by-task", {"task": "causal inference"}, "title role", [(TWO, "mentioned"), (ONE, "used")]),
    ("papers-by-dataset", {"dataset": "imagenet", "fromYear": "2020"}, "title sentence", [(TWO, SENTENCE["two"])]),
    (
        "papers-with-both",
        {"first": "instrumental variable", "second": "BERT"},
        "title firstName secondName confidence",
        [(THREE, "instrumental variable", "BERT", 0.4)],
    ),
    ("papers-by-author", {"author": "A. Lovelace"}, "title position", [(TWO, 1), (ONE, 1)]),
    ("papers-by-year", {"fromYear": "2020"}, "title url", [(TWO, "https://arxiv.org/abs/2403.00001")]),
    ("papers-by-category", {"category": "econ.EM"}, "title", [(TWO,), (ONE,)]),
    ("papers-with-code", {}, "title code", [(TWO, "https://github.com/x/y")]),
    ("code-for-concept", BERT, "title code role", [(TWO, "https://github.com/x/y", "used")]),
    ("proposals", {"label": "methods"}, "title name", [(TWO, "two-stage least squares")]),
    ("compared-with", {"concept": "2SLS"}, "title name other", [(TWO, "two-stage least squares", "BERT")]),
    (
        "results-of-metric",
        {"metric": "acc"},
        "title value unit dataset subject text",
        [
            (TWO, 91.2, "%", "ImageNet", "BERT", "91.2% accuracy"),
            (TWO, 3.5, "points", "ImageNet", "BERT", "3.5 points"),
            (ONE, 88.0, "%", "ImageNet", "instrumental variable", "88% accuracy"),
            (THREE, 0.76, None, None, None, "accuracy of 0.76"),
        ],
    ),
    ("results-of-metric", {"metric": "BLEU"}, "title", []),
    ("results-on-dataset", {"dataset": "ImageNet", "toYear": "2020"}, "title metric", [(ONE, "accuracy")]),
    ("results-of-subject", {"subject": "IV"}, "title value sentence", [(ONE, 88.0, SENTENCE["one"])]),
    ("results-of-paper", {"paper": "10.1000/one"}, "metric value start end", [("accuracy", 88.0, 3, 9)]),
    ("results-above", {"metric": "accuracy", "above": "90%"}, "title value", [(TWO, 91.2)]),
    ("results-above", {"metric": "accuracy", "above": "0.5"}, "value", [(91.2,), (88.0,), (0.76,)]),
    ("results-below", {"metric": "accuracy", "below": "0.9"}, "value", [(0.76,), (88.0,)]),
    (
        "leaderboard",
        {"metric": "accuracy", "dataset": "ImageNet"},
        "value subject",
        [(91.2, "BERT"), (88.0, "instrumental variable")],
    ),
    ("leaderboard", {"metric": "accuracy", "dataset": "ImageNet", "order": "lowest"}, "value", [(88.0,), (91.2,)]),
    ("best-of-metric", {"metric": "accuracy", "limit": "1"}, "title value", [(TWO, 91.2)]),
    (
        "evidence",
        {"paper": ONE, "concept": "instrumental variables"},
        "start end text sentence",
        [(0, 5, "instrumental variable", SENTENCE["one"])],
    ),
    ("sentences", {"concept": "2SLS"}, "title text start end", [(TWO, "two-stage least squares", 0, 5)]),
    (
        "paper",
        {"paper": "2403.00001"},
        "part name type value",
        [
            ("author", "Ada Lovelace", None, 1),
            ("author", "Alan Turing", None, 2),
            ("proposed", "two-stage least squares", "Method", None),
            ("used", "BERT", "Model", None),
            ("used", "ImageNet", "Dataset", None),
            ("compared", "BERT", "Method", None),
            ("mentioned", "causal inference", "Task", None),
            ("result", "3.5 points", "delta", 3.5),
            ("result", "91.2% accuracy", "absolute", 91.2),
            ("quantity", "1.5B parameters", "parameters", 1.5e9),
            ("category", "cs.LG", None, None),
            ("category", "econ.EM", None, None),
            ("code", "https://github.com/x/y", None, None),
        ],
    ),
    (
        "goes-together",
        {"concept": "ImageNet"},
        "name papers",
        [("instrumental variable", 1), ("two-stage least squares", 1)],
    ),
    ("goes-together", {"concept": "ImageNet", "label": "Model"}, "name papers", [("BERT", 1)]),
    ("similar-papers", {"paper": TWO}, "title shared score", [(ONE, 2, 1000), (THREE, 1, 500)]),
    ("coauthors", {"author": "Alan Turing"}, "name papers firstYear lastYear", [("Ada Lovelace", 1, 2024, 2024)]),
    (
        "timeline",
        {"concept": "causal inference"},
        "year papers proposed used compared mentioned",
        [(2019, 1, 0, 1, 0, 0), (2024, 1, 0, 0, 0, 1)],
    ),
    ("first-use", IV, "title date", [(ONE, "2019-05-01"), (TWO, "2024-03-02")]),
    (
        "methods-for-task",
        {"task": "causal inference"},
        "name papers",
        [("instrumental variable", 1), ("two-stage least squares", 1)],
    ),
    ("datasets-for-task", {"task": "causal inference"}, "name papers", [("ImageNet", 2)]),
    ("models-on-dataset", {"dataset": "ImageNet"}, "name papers", [("BERT", 1)]),
    ("authors-by-concept", IV, "name papers", [("Ada Lovelace", 2), ("Alan Turing", 1)]),
    ("most-used", {"label": "Dataset"}, "name papers", [("ImageNet", 2)]),
    ("authors-by-papers", {}, "name papers", [("Ada Lovelace", 2), ("Alan Turing", 1)]),
    ("papers-by-quantity", {"unit": "parameters", "atLeast": "1e9"}, "title text", [(TWO, "1.5B parameters")]),
    (
        "statistics",
        {},
        "what count",
        [
            ("Author", 2), ("Dataset", 1), ("Method", 3), ("Metric", 2), ("Model", 1), ("Paper", 3), ("Quantity", 1),
            ("Result", 4), ("Sentence", 3), ("Task", 1),
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "values", "columns", "expected"), EXPECTED, ids=[f"{e[0]}-{i}" for i, e in enumerate(EXPECTED)]
)
def test_a_saved_question_gives_the_rows_that_the_graph_holds(
    engine: SparqlEngine, name: str, values: dict[str, str], columns: str, expected: list[tuple[Any, ...]]
) -> None:
    found = rows(run(engine, name, **values), *columns.split())
    if name in ("results-of-metric", "results-below"):  # rows that tie on date come in order of keys
        found, expected = sorted(found, key=str), sorted(expected, key=str)
    assert found == expected


def test_every_saved_question_is_asked_by_these_tests() -> None:
    assert {name for name, *_ in EXPECTED} == set(questions.saved())


@pytest.mark.parametrize("question", questions.saved().values(), ids=list(questions.saved()))
def test_a_saved_question_says_what_it_asks_and_uses_exactly_its_parameters(question: questions.Question) -> None:
    body = "\n".join(line for line in question.sparql.splitlines() if not line.startswith("#"))
    assert question.text
    assert set(PLACE.findall(body)) == {parameter.name for parameter in question.parameters}
    assert "ORDER BY" in body


@pytest.mark.parametrize("question", questions.saved().values(), ids=list(questions.saved()))
def test_a_row_about_a_paper_has_its_key_title_date_and_address(question: questions.Question) -> None:
    columns = re.search(r"SELECT (?:DISTINCT )?(.*)", question.sparql)
    assert columns
    if "?paper " in columns[1].split("(")[0]:
        assert columns[1].startswith("?paper ?title ?date ?url")


def test_the_key_in_a_row_finds_its_paper_again(engine: SparqlEngine) -> None:
    first = run(engine, "papers-by-concept", concept="IV").records[0]
    assert first["paper"] == key("Paper", "two")
    assert run(engine, "paper", paper=first["paper"]).records[0]["title"] == TWO


def test_a_name_of_two_things_takes_both_and_says_so(engine: SparqlEngine) -> None:
    answer = run(engine, "papers-by-concept", concept="BERT", role="use")
    assert rows(answer, "title", "name") == [(TWO, "BERT")]
    assert answer.notes == ("'BERT' names 2 things, all are taken: Method 'BERT', Model 'BERT'",)


def test_a_full_page_says_that_there_may_be_more(engine: SparqlEngine) -> None:
    assert "may be more" in run(engine, "papers-by-concept", concept="IV", limit="2").notes[-1]
    assert run(engine, "papers-by-concept", concept="IV", limit="4").notes == ()


def test_an_unknown_question_is_refused_with_the_nearest_and_all_known(engine: SparqlEngine) -> None:
    with pytest.raises(
        QueryError, match=r"unknown question 'paper-by-autor' \(did you mean papers-by-author\?\): known are authors-by"
    ):
        run(engine, "paper-by-autor")


def test_an_unknown_parameter_is_refused_with_the_nearest_and_all_known(engine: SparqlEngine) -> None:
    with pytest.raises(
        QueryError, match=r"no parameter 'metod' \(did you mean method\?\): known are method: concept\(Method, Model\)"
    ):
        run(engine, "papers-by-method", metod="IV")


def test_a_missing_parameter_is_named_with_its_type(engine: SparqlEngine) -> None:
    with pytest.raises(QueryError, match=r"question 'papers-by-author' needs the parameter author: author"):
        run(engine, "papers-by-author")


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("papers-by-method", {"method": "IV", "limit": "ten"}, "parameter limit: 'ten' is not a whole number"),
        ("papers-by-method", {"method": "IV", "limit": "-1"}, "parameter limit: '-1' is not a whole number"),
        ("papers-by-method", {"method": "IV", "minConfidence": "nan"}, "is not a number such as"),
        ("papers-by-method", {"method": "IV", "minConfidence": "1e999"}, "is not a number such as"),
        ("papers-by-method", {"method": "IV", "fromYear": "last"}, "'last' is not a year"),
        ("papers-by-method", {"method": "IV", "role": "usd"}, r"not one of any, use, .* \(did you mean used\?\)"),
        ("most-used", {"label": "Author"}, "parameter label: 'Author' is not one of"),
        ("papers-by-method", {"method": key("Author", "Ada Lovelace")}, "is not the key of a Method or Model"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_what_is_right(
    engine: SparqlEngine, name: str, values: dict[str, str], message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        run(engine, name, **values)


def test_a_name_that_is_not_there_gives_the_nearest_names(engine: SparqlEngine) -> None:
    with pytest.raises(
        NotFoundError,
        match="no Method or Model 'least squares of old' in this graph; the nearest are 'two-stage least squares'",
    ):
        run(engine, "papers-by-method", method="least squares of old")


def test_a_least_confidence_is_given_to_questions_that_have_one(engine: SparqlEngine) -> None:
    answer = questions.run("papers-by-concept", IV, engine=engine, lookup=NAMES, min_confidence=0.92)
    assert rows(answer, "title") == [(TWO,)]
    with pytest.raises(QueryError, match="question 'statistics' has no confidence"):
        questions.run("statistics", {}, engine=engine, lookup=NAMES, min_confidence=0.5)


@pytest.mark.parametrize(
    "hostile",
    [
        'x" } DROP ALL #',
        "x\\",
        'x\\" ?s ?p ?o',
        "a\nb\r\t",
        "\\u0022 } #",
        "$method ${limit} {x}",
        "x> <y",
        "'",
        "\x00\x7f",
    ],
)
def test_a_text_stays_one_text_whatever_stands_in_it(engine: SparqlEngine, hostile: str) -> None:
    question = parse("# question: echo\n# param word: text\nSELECT ?word WHERE { VALUES ?word { $word } }", "echo")
    answer = questions.run(question, {"word": f"<{hostile}>"}, engine=engine, lookup=NAMES)
    assert answer.rows == [(f"<{hostile}>",)]
    with pytest.raises(NotFoundError):
        run(engine, "papers-by-method", method=hostile)


def test_values_are_plain_data_for_other_query_languages() -> None:
    bound = bind(questions.named("papers-by-method"), {"method": "2SLS", "role": "use", "minConfidence": "50%"}, NAMES)
    assert bound.values == {
        "method": (key("Method", "two-stage least squares"),),
        "role": ("PROPOSES", "USES"),
        "fromYear": 0,
        "toYear": 9999,
        "minConfidence": 0.5,
        "limit": 100,
    }


def test_a_query_of_ones_own_runs_as_it_is_and_gives_whole_iris(engine: SparqlEngine) -> None:
    text = 'SELECT ?paper WHERE { ?paper dcterms:title "Stages at Scale" }'
    answer = questions.run_text(text, {}, engine=engine, lookup=NAMES)
    assert (answer.columns, answer.rows, answer.name) == (("paper",), [(BASE + key("Paper", "two"),)], "")
    with pytest.raises(QueryError, match="this query has no parameter 'x'"):
        questions.run_text(text, {"x": "1"}, engine=engine, lookup=NAMES)


def test_a_head_that_does_not_describe_its_parameter_is_refused() -> None:
    with pytest.raises(QueryError, match="mine: 'x: colour' does not describe a parameter"):
        parse("# param x: colour\nSELECT * {}", "mine")


# Plain English: what is asked, and the titles (or names) of the rows.
ASKED: list[tuple[str, str, list[str]]] = [
    ("which papers use IV regression?", "title", [TWO, ONE]),
    ("Who uses the IVs", "title", [TWO, ONE]),
    ("what papers used “Instrumental Variables” before 2020?", "title", [ONE]),
    ("papers that use 2SLS, published since 2020", "title", [TWO]),
    ("which papers use 2SLS between 2000 and 2010?", "title", []),
    ("WHICH PAPERS INTRODUCE TWO-STAGE LEAST SQUARES??", "title", [TWO]),
    ("which papers compare with BERT models?", "title", [TWO, THREE]),
    ("which papers outperform bert-base", "title", [THREE]),
    ("which papers mention IV", "title", [TWO, ONE, THREE]),
    ("papers about causal inference", "title", [TWO, ONE]),
    ("please show me papers on causal inference in 2019", "title", [ONE]),
    ("which papers evaluate on the ImageNet dataset?", "title", [TWO, ONE]),
    ("papers evaluated with ImageNet", "title", [TWO, ONE]),
    ("which papers use both ImageNet and BERT", "title", [TWO, TWO]),
    ("which papers use ImageNet and 2SLS", "title", [TWO]),
    ("which papers report an accuracy above 90%?", "title", [TWO]),
    ("which papers report accuracy of at most 0.8", "title", [THREE]),
    ("what is the best accuracy on ImageNet?", "title", [TWO, ONE]),
    ("lowest acc on ImageNet", "title", [ONE, TWO]),
    ("leaderboard of accuracy on ImageNet", "title", [TWO, ONE]),
    ("best results on ImageNet before 2020", "title", [ONE]),
    ("results of IV", "title", [ONE]),
    ("papers by Ada Lovelace", "title", [TWO, ONE]),
    ("What has A. Lovelace published since 2020?", "title", [TWO]),
    ("Ada Lovelace's papers", "title", [TWO, ONE]),
    ("who has written with Alan Turing?", "name", ["Ada Lovelace"]),
    ("co-authors of Alan Turing", "name", ["Ada Lovelace"]),
    ("who works on causal inference?", "name", ["Ada Lovelace"]),
    ("who wrote most papers?", "name", ["Ada Lovelace", "Alan Turing"]),
    ("papers in category cs.LG", "title", [TWO]),
    ("papers from 2019", "title", [ONE]),
    ("papers with code", "title", [TWO]),
    ("papers with code for BERT", "title", [TWO]),
    ("which methods are used for causal inference?", "name", ["instrumental variable", "two-stage least squares"]),
    ("which models are evaluated on ImageNet?", "name", ["BERT"]),
    ("which datasets are used with BERT", "name", ["ImageNet"]),
    ("most used data sets", "name", ["ImageNet"]),
    ("first use of IV", "title", [ONE, TWO]),
    ("papers similar to Stages at Scale", "title", [ONE, THREE]),
    ("which sentences mention 2SLS?", "title", [TWO]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "column", "expected"), ASKED, ids=[question for question, *_ in ASKED])
def test_a_question_in_english_gets_its_rows(
    engine: SparqlEngine, question: str, column: str, expected: list[str]
) -> None:
    answer = ask(question, engine=engine, lookup=NAMES, timeout=60)
    assert [record[column] for record in answer.records] == expected
    assert answer.question == question


def test_an_answer_says_how_the_question_was_understood_and_what_was_run(engine: SparqlEngine) -> None:
    answer = ask("which papers use IV regression since 2020?", engine=engine, lookup=NAMES)
    assert answer.interpretation == "papers that use (or propose) Method 'instrumental variable' from 2020 on"
    assert answer.name == "papers-by-concept"
    assert f"VALUES ?anchor {{ :{key('Method', 'instrumental variable')} }}" in answer.query
    assert rows(answer, "sentence", "confidence", "role") == [(SENTENCE["two"], 0.95, "proposed")]


def test_how_many_papers_counts_them(engine: SparqlEngine) -> None:
    assert ask("how many papers mention IV?", engine=engine, lookup=NAMES).count == 3
    assert ask("which papers mention IV?", engine=engine, lookup=NAMES).count is None


def test_a_role_that_no_paper_has_gives_the_other_roles_and_says_so(engine: SparqlEngine) -> None:
    answer = ask("which papers propose IV since 2025?", engine=engine, lookup=NAMES)
    assert (answer.rows, answer.notes) == ([], ())
    answer = ask("which papers propose ImageNet?", engine=engine, lookup=NAMES)
    assert rows(answer, "title", "role") == [(TWO, "used"), (ONE, "used")]
    assert answer.notes[0].startswith("nothing in the graph answers 'papers that propose Dataset 'ImageNet'")


def test_a_name_known_only_with_more_words_is_taken_and_said(engine: SparqlEngine) -> None:
    answer = ask("which papers use least squares?", engine=engine, lookup=NAMES)
    assert rows(answer, "title") == [(TWO,)]
    assert answer.notes == ("nothing is called just 'least squares': taken are 'two-stage least squares'",)


def test_a_name_that_the_graph_does_not_have_is_said_with_the_nearest(engine: SparqlEngine) -> None:
    with pytest.raises(NotFoundError, match="no thing 'two flux capacitors' in this graph"):
        ask("which papers use two flux capacitors?", engine=engine, lookup=NAMES)
    with pytest.raises(NotFoundError, match="no author 'Ada Byron' in this graph"):
        ask("papers by Ada Byron", engine=engine, lookup=NAMES)


@pytest.mark.parametrize("question", ["why is the sky blue", "", "?", "42", "$method", "papers"])
def test_what_is_not_understood_is_said_with_questions_that_are(engine: SparqlEngine, question: str) -> None:
    with pytest.raises(QueryError, match="is not understood; questions of these forms are: "):
        ask(question, engine=engine, lookup=NAMES)


def test_every_example_has_a_form() -> None:
    for example in EXAMPLES:
        text, _ = split_period(tidy(example.replace("how many", "which")))
        assert any(pattern.fullmatch(text) for pattern, _ in FORMS), example


@pytest.mark.parametrize(
    ("text", "rest", "period"),
    [
        ("papers since 2020", "papers", Period(2020, None)),
        ("papers published in 2023", "papers", Period(2023, 2023)),
        ("papers before 2020", "papers", Period(None, 2019)),
        ("papers after 2020", "papers", Period(2021, None)),
        ("papers from 2020 on", "papers", Period(2020, None)),
        ("papers between 2019 and 2021", "papers", Period(2019, 2021)),
        ("papers that use WMT 2014", "papers that use WMT 2014", Period()),
    ],
)
def test_years_are_told_from_names(text: str, rest: str, period: Period) -> None:
    assert split_period(text) == (rest, period)


def test_a_name_is_tried_without_quotes_articles_and_general_words() -> None:
    assert spellings("the 'Adult income' dataset")[-1] == "Adult income"
    assert spellings("IV regression models") == ["IV regression models", "IV regression", "IV"]


def test_an_answer_becomes_a_data_frame():
    answer = Answer("q", "q", "", "", ("paper", "value"), [("P1", 1.5), ("P2", None)])
    frame = answer.to_pandas()
    assert list(frame.columns) == ["paper", "value"]
    assert frame["value"].sum() == 1.5


def test_a_threshold_in_per_cent_is_compared_with_shares() -> None:
    values = [(92.0, "%"), (53.9, ""), (0.95, None), (0.3, None), (23.7, "points"), (89.0, "%"), (91.5, None)]
    records = [{"value": value, "unit": unit} for value, unit in values]
    above, below = _share_is("above", 0.9), _share_is("below", 0.9)
    assert [record["value"] for record in records if above(record)] == [92.0, 0.95, 91.5]
    assert [record["value"] for record in records if below(record)] == [53.9, 0.3, 89.0]


@pytest.mark.parametrize(
    ("question", "expected"),
    [("which papers report accuracy above 90%", [TWO]), ("which papers report accuracy below 85 %", [THREE])],
)
def test_a_question_with_a_threshold_in_per_cent_gets_its_rows(
    engine: SparqlEngine, question: str, expected: list[str]
) -> None:
    assert [title for (title,) in rows(ask(question, engine=engine, lookup=NAMES), "title")] == expected


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("which papers propose a dataset?", "Dataset"),
        ("which papers introduce a new corpus?", "Dataset"),
        ("papers that propose a benchmark", "Dataset"),
        ("which papers propose a new model?", "Model"),
        ("which papers present novel methods?", "Method"),
        ("which papers propose a metric", "Metric"),
        ("which papers introduce a task", "Task"),
    ],
)
def test_a_bare_word_for_a_kind_means_anything_of_it(engine: SparqlEngine, question: str, label: str) -> None:
    answer = ask(question, engine=engine, lookup=NAMES)
    assert (answer.name, answer.interpretation) == ("proposals", f"papers that propose a {label}")


def test_a_surname_is_enough_for_an_author(engine: SparqlEngine) -> None:
    for question in ("papers by Lovelace", "papers by Ada Lovelace et al."):
        answer = ask(question, engine=engine, lookup=NAMES)
        assert [title for (title,) in rows(answer, "title")] == [TWO, ONE]


@pytest.mark.parametrize("question", ["which papers in category cs.LG use BERT?", "which papers by Lovelace use BERT?"])
def test_words_after_a_category_or_an_author_are_not_swallowed(engine: SparqlEngine, question: str) -> None:
    with pytest.raises(QueryError, match="is not understood"):
        ask(question, engine=engine, lookup=NAMES)


def test_a_paper_is_listed_once_and_a_limit_is_of_papers(engine: SparqlEngine) -> None:
    papers = [paper for (paper,) in rows(ask("which papers mention IV?", engine=engine, lookup=NAMES), "paper")]
    assert len(papers) == len(set(papers)) == 3
    first = ask("which papers mention IV?", engine=engine, lookup=NAMES, limit=2)
    assert (len(first.rows), first.notes) == (2, ("these are the first 2 rows: there may be more (limit = 2)",))


@pytest.mark.parametrize("least", [-0.1, 1.5, float("nan"), "high"])
def test_a_least_confidence_that_is_no_share_is_refused(engine: SparqlEngine, least: Any) -> None:
    with pytest.raises(QueryError, match="a number between 0 and 1"):
        ask("which papers mention IV?", engine=engine, lookup=NAMES, min_confidence=least)


def test_a_question_that_is_no_text_is_refused(engine: SparqlEngine) -> None:
    with pytest.raises(QueryError, match="a question is a text, not 42"):
        ask(42, engine=engine, lookup=NAMES)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "name", "column", "expected"),
    [
        ("who wrote “Stages at Scale”?", "paper", "part", {"author"}),
        ("what is two-stage least squares?", "papers-by-concept", "title", {TWO}),
        ("what is the best accuracy?", "best-of-metric", "metric", {"accuracy"}),
        ("what are the most used datasets?", "most-used", "name", {"ImageNet"}),
        ("what accuracy does IV reach?", "results-of-subject", "title", {ONE}),
        (
            "what do papers use together with ImageNet?",
            "goes-together",
            "name",
            {"instrumental variable", "two-stage least squares"},
        ),
    ],
)
def test_a_question_as_people_put_it_is_understood(
    engine: SparqlEngine, question: str, name: str, column: str, expected: set[str]
) -> None:
    answer = ask(question, engine=engine, lookup=NAMES)
    assert (answer.name, {value for (value,) in rows(answer, column)}) == (name, expected)


def test_either_of_two_things_gives_the_papers_of_both(engine: SparqlEngine) -> None:
    answer = ask("which papers use 2SLS or ImageNet?", engine=engine, lookup=NAMES)
    assert [title for (title,) in rows(answer, "title")] == [TWO, ONE]
    assert answer.interpretation.endswith("Method 'two-stage least squares' or Dataset 'ImageNet'")


class Widening(Names):
    """Knows WMT14 as another name of WMT, and suggests far names."""

    def find_concepts(self, name: str, labels: Sequence[str]) -> list[Hit]:
        return [Hit(key("Dataset", "ImageNet"), "Dataset", "WMT", 1)] if name == "WMT14" else []

    def suggest(self, text: str, kinds: Sequence[str], limit: int = 5) -> list[str]:
        return ["squared array", "SQuAD 2.0", "SQuAD 2.0", "SQuADs"]


def test_a_name_with_a_number_taken_for_one_without_is_noted(engine: SparqlEngine) -> None:
    answer = ask("which papers evaluate on WMT14?", engine=engine, lookup=Widening())
    assert answer.notes == ("'WMT14' is not told apart from 'WMT' in this graph",)
    assert ask("which papers use 2SLS?", engine=engine, lookup=NAMES).notes == ()


def test_suggested_names_are_near_and_shown_once() -> None:
    assert str(not_found("Dataset", "SQuAD", ("Dataset",), Widening())).endswith("'SQuAD 2.0', 'SQuADs'")


def test_embeddings_are_left_off_a_name() -> None:
    assert spellings("GloVe embeddings") == ["GloVe embeddings", "GloVe"]
