"""The training data: annotations that stand off from the texts, joined again, split, learned from."""

import gzip
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from scripts.training import corpus, keeping

RECORDS = [
    {"id": f"arXiv:2401.{n:05d}", "title": f"Title {n}", "abstract": f"We train model M{n} on data.",
     "entities": [{"type": "Model", "alt_types": ["Method"], "role": "used", "named": True,
                   "mentions": [f"M{n}", "train"]}],
     "spans": [{"start": len(f"Title {n}") + 16, "end": len(f"Title {n}") + 18 + (n > 9), "entity": 0}]}
    for n in range(12)
]  # fmt: skip


@pytest.fixture
def annotations(tmp_path):
    path = tmp_path / "annotations.jsonl"
    path.write_text("".join(json.dumps(corpus.stand_off(record)) + "\n" for record in RECORDS), encoding="utf-8")
    return path


def write(folder, records, name="part.jsonl.gz"):
    folder.mkdir(exist_ok=True)
    with gzip.open(folder / name, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(record) + "\n" for record in records)
    return folder


def test_annotations_join_their_texts_again(annotations, tmp_path):
    broken = [{**record, "id": record["id"].removeprefix("arXiv:"), "abstract": record["abstract"].replace(" ", "\n  ")}
              for record in RECORDS]  # fmt: skip
    papers, problems = corpus.annotated(write(tmp_path / "data", broken), annotations)
    assert problems == []
    assert [paper.text[slice(*paper.spans[0][:2])] for paper in papers] == [f"M{n}" for n in range(12)]
    assert [paper.text[slice(*paper.inside[0][:2])] for paper in papers] == ["train"] * 12
    assert papers[0].things == [corpus.Thing("Model", ["Method"], "used", True)]


def test_papers_come_in_the_order_of_the_annotations(tmp_path):
    path = tmp_path / "annotations.jsonl"
    order = [7, 2, 9, 4]
    path.write_text("".join(json.dumps(corpus.stand_off(RECORDS[n])) + "\n" for n in order), encoding="utf-8")
    papers, _ = corpus.annotated(write(tmp_path / "data", RECORDS), path)
    assert [paper.id for paper in papers] == [RECORDS[n]["id"] for n in order]


def test_the_second_annotation_is_counted_without_what_the_first_has(annotations, tmp_path):
    second = tmp_path / "second.jsonl"
    others = [{"id": id_} for id_ in ("arXiv:9", RECORDS[3]["id"], "arXiv:1")]
    second.write_text("".join(json.dumps(record) + "\n" for record in others), encoding="utf-8")
    assert corpus.second_only(annotations, second) == ["arXiv:9", "arXiv:1"]


def test_the_recipe_asks_for_papers_that_are_there_and_none_that_is_set_apart():
    recipe = tomllib.loads(Path(corpus.__file__).with_name("recipe.toml").read_text(encoding="utf-8"))
    asked = [stage["second"] for stage in recipe.values() if "second" in stage]
    second = corpus.second_only()
    assert max(last for _, last in asked) == len(second) == len(set(second))
    assert all(first < last for first, last in asked)
    assert not set(second) & set(corpus.set_apart())


def test_another_text_and_a_missing_one_are_reported(annotations, tmp_path):
    other = [{**RECORDS[0], "abstract": "Another version."}, *RECORDS[2:]]
    papers, problems = corpus.annotated(write(tmp_path / "data", other), annotations)
    assert len(papers) == 10
    assert problems == [
        "arXiv:2401.00000: the text is not the annotated one (another version of the paper?)",
        "arXiv:2401.00001: no text",
    ]


def test_the_split_does_not_depend_on_which_texts_are_at_hand(annotations):
    ids = [json.loads(line)["id"] for line in annotations.read_text(encoding="utf-8").splitlines()]
    assert corpus.set_apart(annotations) == sorted(ids, key=corpus.hash_of)
    known = corpus.set_apart()
    assert len(known) == corpus.SET_APART
    others = [corpus.Paper(f"arXiv:{n}", "", 0) for n in range(3)]
    train, apart = corpus.split([*others, corpus.Paper(known[7], "", 0)])
    assert (train, [paper.id for paper in apart]) == (others, [known[7]])
    with pytest.raises(ValueError, match="data folder"):
        corpus.split([corpus.Paper(known[7], "", 0)])


@pytest.mark.parametrize("path", [corpus.ANNOTATIONS, corpus.SECOND], ids=["first", "second"])
def test_the_annotations_of_the_project_hold_no_text(path):
    with open(path, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    assert len(records) > 2000
    for record in records:
        assert record.keys() == {"id", "sha256", "entities", "spans", "inside"}
        assert all(isinstance(number, int) for span in record["spans"] + record["inside"] for number in span)
        assert all({type_, *others} <= set(corpus.TYPES) and role in corpus.ROLES and isinstance(named, bool)
                   for type_, others, role, named in record["entities"])  # fmt: skip


def test_what_is_learned_tells_signal_from_noise():
    chance = np.random.default_rng(0)
    rows = np.column_stack([np.ones(4000), chance.normal(size=4000), chance.normal(size=4000)])
    wanted = (chance.random(4000) < 1 / (1 + np.exp(-(0.5 + 2 * rows[:, 1])))).astype(float)
    weights = keeping.learn(rows, wanted)
    assert weights == pytest.approx([0.5, 2, 0], abs=0.2)
    judged = keeping.crossed(rows, wanted, np.arange(4000) // 10)
    for said, was, number in keeping.calibration(judged, wanted):
        assert said == pytest.approx(was, abs=0.5 / number**0.5 + 0.05)


@pytest.mark.parametrize(
    ("type_", "forms", "expected"),
    [
        ("Model", ["deep nets"], True),
        ("Method", ["deep net"], True),
        ("Task", ["deep nets"], False),
        ("Model", ["x"], False),
    ],
)
def test_what_an_annotator_named_is_wanted_under_each_type_that_it_allows(type_, forms, expected):
    gold = [{"type": "Model", "alt_types": ["Method"], "name": "deep net", "mentions": ["deep net", "nets"]}]
    assert keeping.is_wanted({"type": type_, "forms": forms}, gold) is expected
