"""The questions a researcher would ask of the sample documents, answered from the abstracts by a reader."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kg

HERE = Path(__file__).parent
SEEDS = HERE.parent / "seeds"
QUESTIONS = [json.loads(line) for line in (HERE / "data" / "questions.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with kg.open(tmp_path_factory.mktemp("seeds") / "graph") as graph:
        graph.build([str(SEEDS)], processes=1)
        yield graph


@pytest.mark.parametrize("asked", QUESTIONS, ids=[asked["question"] for asked in QUESTIONS])
def test_the_answer_has_the_papers_that_a_reader_of_the_abstracts_names(graph: Any, asked: dict[str, Any]) -> None:
    records = graph.ask(asked["question"]).records
    titles = {record["title"] for record in records}
    assert set(asked["must"]) <= titles, asked["why"]
    assert not set(asked["must_not"]) & titles, asked["why"]


@pytest.mark.parametrize(
    "asked", [a for a in QUESTIONS if a["evidence"]], ids=[a["question"] for a in QUESTIONS if a["evidence"]]
)
def test_the_evidence_is_the_sentence_that_says_so(graph: Any, asked: dict[str, Any]) -> None:
    records = graph.ask(asked["question"]).records
    for title in asked["must"]:
        sentences = [record["sentence"] for record in records if record["title"] == title]
        said = [s for s in sentences if s and any(form.casefold() in s.casefold() for form in asked["evidence"])]
        assert said, f"{title}: {sentences}"


def test_the_best_value_comes_first(graph: Any) -> None:
    values = [record["value"] for record in graph.ask("best accuracy on ARC").records]
    assert values[0] == 37.5
    assert values == sorted(values, reverse=True)


def test_a_count_is_of_papers(graph: Any) -> None:
    answer = graph.ask("how many papers evaluate on CIFAR-10?")
    assert answer.count == len({record["title"] for record in answer.records}) == 2
