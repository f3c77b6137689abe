"""The trained network as it ships: its files, windows, spans, and that what it says does not depend on its company."""

import subprocess
import sys
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import EngineError
from kg.reading import VARIANTS, Reader, document, fingerprint, keeping, network, spotting
from kg.reading.network import Network, windows
from kg.reading.words import make_doc, split_words

TEXT = (
    "Ranking with less\nWe propose ThriftRank, a graph neural network for document ranking, and train it with"
    " contrastive learning on MS MARCO. It reaches an MRR of 0.41."
)


@pytest.fixture(scope="session")
def default():
    return Network()


# What ships


def test_the_model_is_small_enough_for_a_wheel():
    assert sum(file.stat().st_size for file in network.FOLDER.iterdir()) < 45_000_000


def test_every_file_is_the_one_that_was_measured():
    listed = network.card()["files"]
    assert set(listed) == {file.name for file in network.FOLDER.iterdir()} - {"model.json"}
    for name in listed:
        assert network._checked(name)


@pytest.mark.parametrize("name", ["default.onnx", "embeddings.npz", "tokenizer.json"])
def test_a_damaged_or_missing_file_is_refused_with_a_way_out(monkeypatch, tmp_path, name):
    card = network.card()
    for file in network.FOLDER.iterdir():
        (tmp_path / file.name).symlink_to(file)
    monkeypatch.setattr(network, "FOLDER", tmp_path)
    monkeypatch.setattr(network, "card", lambda: card)
    (tmp_path / name).unlink()
    with pytest.raises(EngineError, match=rf"{name} cannot be read.*pip install"):
        Network()
    (tmp_path / name).write_bytes(b"other")
    with pytest.raises(EngineError, match=rf"{name} is not the file.*pip install"):
        Network()


def test_a_missing_card_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(network, "FOLDER", tmp_path)
    with pytest.raises(EngineError, match=r"model\.json cannot be read"):
        network.card.__wrapped__()


def test_reading_needs_no_torch():
    code = (
        "import sys; from kg.reading import Reader\n"
        "with Reader() as reader: list(reader.read([('A title', 'We use the model of the paper.')]))\n"
        "assert not {'torch', 'transformers', 'onnx'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_each_variant_has_a_fingerprint_of_its_own():
    assert len({fingerprint(variant) for variant in VARIANTS}) == len(VARIANTS)


# Words and windows


@given(st.text(max_size=200))
def test_a_doc_of_words_has_the_very_text(text):
    assert make_doc(text).text == text
    assert all(text[start:end].strip() == text[start:end] != "" for start, end in split_words(text))


@given(st.lists(st.integers(1, 30), max_size=200))
def test_windows_cover_every_word_and_overlap(lengths):
    found = list(windows(lengths, limit=100, overlap=30))
    assert {n for first, last in found for n in range(first, last)} == set(range(len(lengths)))
    assert all(sum(lengths[first:last]) <= 100 for first, last in found)
    assert all(sum(lengths[start:end]) >= 30 for (_, end), (start, _) in pairwise(found))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=400))
def test_joined_windows_give_one_row_a_word(lengths):
    found = [(window, np.arange(*window, dtype=np.float32)[:, None]) for window in windows(lengths, 40, 12)]
    assert network._joined(found, len(lengths))[:, 0].tolist() == list(range(len(lengths)))


def test_an_entity_in_the_last_sentence_of_three_thousand_words_is_found():
    filler = "The weather of that year was mild and the people of the town went about their days. " * 190
    with Reader() as reader:
        (found,) = reader.read([("A long story", f"{filler}We train a convolutional neural network on ImageNet.")])
    assert len(filler.split()) > 3000
    names = {entity.name: entity.mentions[-1].start for entity in found.entities}
    assert {"convolutional neural network", "ImageNet"} <= names.keys()
    assert min(names["convolutional neural network"], names["ImageNet"]) > len(filler)


# The same, whatever is read beside it


def test_a_text_gives_the_same_numbers_alone_and_after_others(default):
    alone = default.read(TEXT, split_words(TEXT))
    for other in ("A", "x " * 900, TEXT[::-1]):
        default.read(other, split_words(other))
    again = default.read(TEXT, split_words(TEXT))
    assert all((alone[head] == again[head]).all() for head in alone)


def test_each_head_gives_a_distribution_for_each_word(default):
    words = split_words(TEXT)
    for head, rows in default.read(TEXT, words).items():
        assert rows.shape == (len(words), len(network.card()["heads"][head]))
        assert np.allclose(rows.sum(1), 1, atol=1e-5)


# From words to spans

LABELS = network.card()["heads"]["tags"]


def rows(*labels, sure=0.9):
    found = np.full((len(labels), len(LABELS)), (1 - sure) / (len(LABELS) - 1), dtype=np.float32)
    for place, label in enumerate(labels):
        found[place, LABELS.index(label)] = sure
    return found


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["O", "B-Task", "I-Task", "O"], [(1, 3)]),
        (["B-Task", "B-Task"], [(0, 1), (1, 2)]),
        (["B-Model", "O", "B-Metric"], [(0, 1), (2, 3)]),
        (["O", "O"], []),
        (["B-Method", "I-Method", "I-Method"], [(0, 3)]),
    ],
)
def test_spans_follow_the_labels(labels, expected):
    assert list(spotting.best_spans(rows(*labels))) == expected


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_no_other_sequence_of_labels_is_likelier(seed, length):
    tags = np.random.default_rng(seed).dirichlet([0.3] * 5, size=length).astype(np.float32)
    allowed = [
        labels
        for labels in product(range(5), repeat=length)
        if all(not label or label % 2 or before in (label, label - 1) for before, label in pairwise((0, *labels)))
    ]
    likeliest = max(
        allowed, key=lambda labels: sum(np.log(max(row[n], 1e-6)) for row, n in zip(tags, labels, strict=True))
    )
    ends = [n for n, label in enumerate((*likeliest, 0)) if n and likeliest[n - 1] and (not label or label % 2)]
    starts = [n for n, label in enumerate(likeliest) if label % 2]
    assert spotting.best_spans(tags, eagerness=0) == list(zip(starts, ends, strict=True))


def test_a_span_never_begins_inside_nor_changes_its_type():
    inside = rows("O", "I-Task", "O", sure=0.6)  # nothing began before it: whatever is said, it is no I-Task
    assert [last - first for first, last in spotting.best_spans(inside, eagerness=0)] in ([], [1])
    mixed = rows("B-Task", "I-Task", "I-Task")
    mixed[1] = 0.01
    mixed[1, LABELS.index("I-Model")], mixed[1, LABELS.index("I-Task")] = 0.5, 0.4
    assert list(spotting.best_spans(mixed, eagerness=0)) == [(0, 3)]


def mentions(*labels, sure=0.9):
    """The mentions that come out where each word of "a b c ..." has this label."""
    text = " ".join("abcdefgh"[: len(labels)])
    words = split_words(text)
    tags = rows(*labels, sure=sure)
    heads = {"tags": tags, "roles": np.full((len(labels), 4), 0.25), "named": np.full((len(labels), 2), 0.5)}
    doc = document.start_document(make_doc(text), len(text))
    return document.mentions(spotting.weigh(doc, words, heads, "default"))


def test_a_mention_tells_its_type_role_and_name():
    (found,) = mentions("O", "B-Metric", "I-Metric", "O")
    assert (found.start, found.end, found.type, found.by) == (2, 5, "Metric", "default")
    assert found.shares[4] > 0.8
    assert sum(found.shares) == pytest.approx(1, abs=1e-3)
    assert (found.roles, found.named) == ((0.25,) * 4, 0.5)


def test_the_probability_of_bounds_falls_with_every_doubt():
    (sure,), (doubtful,) = mentions("O", "B-Task", "I-Task", "O"), mentions("O", "B-Task", "I-Task", "O", sure=0.6)
    assert 0.6 < sure.score < 1
    assert doubtful.score < 0.6 * sure.score


def test_both_forms_of_one_mention_are_as_likely_as_the_whole_and_one_thing():
    text = "the excess kurtosis (K) of"
    words = split_words(text)
    tags = rows("O", "B-Metric", *["I-Metric"] * 4, "O")
    heads = {"tags": tags, "roles": np.full((7, 4), 0.25), "named": np.full((7, 2), 0.5)}
    doc = spotting.weigh(document.start_document(make_doc(text), len(text)), words, heads, "default")
    long, short = document.mentions(doc)
    assert (text[long.start : long.end], text[short.start : short.end]) == ("excess kurtosis", "K")
    assert long.score == short.score > 0.5
    assert document.abbreviations(doc) == [(long.start, long.end, short.start, short.end)]


def test_the_same_words_elsewhere_are_weighed_too():
    text = "deep net of a deep net"
    words = split_words(text)
    tags = rows("B-Model", "I-Model", "O", "O", "O", "O")
    heads = {"tags": tags, "roles": np.full((6, 4), 0.25), "named": np.full((6, 2), 0.5)}
    doc = document.start_document(make_doc(text), len(text))
    first, second = document.mentions(spotting.weigh(doc, words, heads, "default"))
    assert [(first.start, first.end), (second.start, second.end)] == [(0, 8), (14, 22)]
    assert second.score < 0.1 < first.score


def test_what_decides_what_is_kept_was_learned_for_each_network():
    signs = keeping.signs("a net", 5, mentions("O", "B-Task", "O"), [1, 0, 0, 0, 0], listed=False)
    for variant in VARIANTS:
        assert network.card()["keeping"][variant]["weights"].keys() == signs.keys()
        assert 0.2 < keeping.least(variant) < 0.8
    files = network.card()["files"]
    assert files["default.onnx"] != files["fast.onnx"]
