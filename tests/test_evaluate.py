"""Scores of readings against annotations. The expected numbers were computed by the annotators' own scorer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.evaluate import Difference, Score, closeness, evaluate, fold, intervals
from kg.reading import Reader, lines

DATA = Path(__file__).parent / "data" / "evaluate"

EXPECTED = {
    "strict Task": (0, 0, 0, 1),
    "strict Method": (1, 1, 1, 2),
    "strict Model": (1, 1 / 2, 2 / 3, 2),
    "strict Dataset": (1, 1, 1, 1),
    "strict Metric": (0, 0, 0, 1),
    "strict all": (2 / 3, 4 / 7, 8 / 13, 7),
    "relaxed Task": (1, 1, 1, 1),
    "relaxed Method": (1, 1, 1, 2),
    "relaxed Model": (1, 1 / 2, 2 / 3, 2),
    "relaxed Dataset": (1, 1, 1, 1),
    "relaxed Metric": (0, 0, 0, 1),
    "relaxed all": (5 / 6, 5 / 7, 10 / 13, 7),
    "role proposed": (0, 0, 0, 1),
    "role used": (1 / 2, 1 / 3, 2 / 5, 3),
    "role compared": (1 / 2, 1, 2 / 3, 1),
    "role macro": (1 / 3, 4 / 9, 16 / 45, 5),
    "result value": (2 / 5, 1 / 2, 4 / 9, 4),
    "result +metric": (1 / 5, 1 / 4, 2 / 9, 4),
    "result full": (1 / 5, 1 / 4, 2 / 9, 4),
}


def _lines(name):
    return [json.loads(line) for line in (DATA / f"{name}.jsonl").read_text().splitlines()]


def test_every_score_is_the_one_of_the_annotators_scorer():
    scores = evaluate(_lines("gold"), _lines("predicted"))
    assert {name: pytest.approx(score) for name, score in scores.scores.items()} == EXPECTED
    assert scores.papers == {
        "papers": 3, "date right": 1, "title right": 2, "authors wanted": 2, "authors right": 1, "missing papers": 1
    }  # fmt: skip


def test_differences_say_what_was_wanted_and_what_came():
    differences = evaluate(_lines("gold"), _lines("predicted")).differences
    assert Difference("a", "missed", "Metric", "accuracy") in differences
    assert Difference("a", "a quantity", "Result", "300 letters") in differences
    wanted = "'twice as fast': wanted speedup / None / decision tree, got accuracy / None / decision tree"
    assert Difference("a", "differs", "Result", wanted) in differences


def test_the_same_on_both_sides_scores_one():
    gold = [dict(paper, authors=[{"name": a} for a in paper["authors"]]) for paper in _lines("gold")]
    scores = evaluate(_lines("gold"), gold).scores
    assert scores["relaxed all"] == Score(1, 1, 1, 7)
    assert scores["result full"] == Score(1, 1, 1, 4)


def test_the_table_has_a_line_for_every_score():
    table = evaluate(_lines("gold"), _lines("predicted")).table().splitlines()
    assert table[1].split() == ["P", "R", "F1", "gold"]
    assert table[7].split() == ["strict", "all", "0.667", "0.571", "0.615", "7"]
    assert len(table) == 2 + len(EXPECTED)


def test_an_interval_holds_its_score_and_narrows_with_more_papers():
    gold, found = _lines("gold"), _lines("predicted")
    scores, within = evaluate(gold, found).scores, intervals(gold, found, draws=500)
    assert within.keys() == scores.keys()
    assert all(within[name][0] - 1e-9 <= score.f1 <= within[name][1] + 1e-9 for name, score in scores.items())
    assert within == intervals(gold, found, draws=500)
    more = [{**line, "id": f"{line['id']}-{n}"} for n in range(20) for line in gold]
    guesses = [{**line, "id": f"{line['id']}-{n}"} for n in range(20) for line in found]
    narrow = intervals(more, guesses, draws=500)["relaxed all"]
    assert narrow[1] - narrow[0] < 0.5 * (within["relaxed all"][1] - within["relaxed all"][0])
    assert "95 %" in evaluate(gold, found).table(within)


def test_json_form_holds_papers_and_lists():
    plain = evaluate(_lines("gold"), _lines("predicted")).to_json()
    assert plain["relaxed Dataset"] == [1.0, 1.0, 1.0, 1]
    assert plain["papers"]["papers"] == 3
    assert json.loads(json.dumps(plain)) == plain


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("the ResNets", "ResNet", 1.0), ("LLM", "large language models", 1.0), ("accuracy", "top-1 accuracy", 1 / 3)],
)
def test_closeness_is_the_share_of_words_in_common(one, other, expected):
    assert closeness(fold(one), fold(other)) == pytest.approx(expected)


def _shared_scorer():
    folder = Path(os.environ.get("PAPERKG_DATA", "/nonexistent")).parent / "eval"
    if not (folder / "score.py").is_file():
        pytest.skip("set PAPERKG_DATA to a data folder that has the annotators' scorer beside it")
    return folder


def test_on_the_development_papers_both_scorers_agree_and_the_reader_reaches_its_marks(tmp_path):
    folder = _shared_scorer()
    gold = [json.loads(line) for line in (folder / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    with Reader() as reader:
        readings = reader.read((paper["title"], paper["abstract"]) for paper in gold)
        predicted = [
            {"id": p["id"], "title": p["title"], **lines.to_json(r)} for p, r in zip(gold, readings, strict=True)
        ]
    file = tmp_path / "predicted.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in predicted), encoding="utf-8")
    command = [sys.executable, str(folder / "score.py"), str(folder / "dev.jsonl"), str(file), "--json"]
    theirs = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = evaluate(gold, predicted)
    assert ours.to_json() == theirs
    assert ours.scores["relaxed all"].f1 >= 0.40
    assert ours.scores["result value"].f1 >= 0.75
