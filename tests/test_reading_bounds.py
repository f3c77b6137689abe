"""Bounds of mentions: where a name begins and ends, whatever the labels of single words say."""

import pytest

from kg.reading.bounds import tidy
from kg.reading.words import split_words


def tidied(text, *marked):
    """The forms that come out where ``marked`` parts of the text were labelled."""
    words = split_words(text)
    spans = []
    for part in marked:
        start = text.index(part)
        inside = [n for n, (a, b) in enumerate(words) if a >= start and b <= start + len(part)]
        spans.append((inside[0], inside[-1] + 1))
    return [text[words[first][0] : words[last - 1][1]] for span in spans for first, last in tidy(text, words, span)]


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("a test for structural breaks", "test for", ["test"]),
        ("We use active learning in schools", "active learning in", ["active learning"]),
        ("the state-of-the-art parser", "the state-of-the-art parser", ["state-of-the-art parser"]),
        ("support vector machines (SVM) win", "support vector machines (SVM)", ["support vector machines", "SVM"]),
        (
            "a model output statistics (MOS) approach wins",
            "model output statistics (MOS) approach",
            ["model output statistics", "MOS"],
        ),
        (
            "two variational approximation (VA) strategies",
            "variational approximation (VA) strategies",
            ["variational approximation", "VA"],
        ),
        ("two Gaussian process (GP) processes", "Gaussian process (GP) processes", ["Gaussian process (GP) processes"]),
        ("random forest (RF) models", "random forest (RF) models", ["random forest", "RF"]),
        ("mean square error (MSE) losses", "mean square error (MSE) losses", ["mean square error", "MSE"]),
        ("a recurrent neural (RNN) network", "recurrent neural (RNN) network", ["recurrent neural (RNN) network"]),
        ("an AR(1) process", "AR(1) process", ["AR(1) process"]),
        ("an AR(1)", "AR(1)", ["AR(1)"]),
        ("deep network (DNN) acoustics", "deep network (DNN) acoustics", ["deep network (DNN) acoustics"]),
        ("the F(x) transform", "F(x) transform", ["F(x) transform"]),
        ("language models (LLMs) are", "LLMs)", ["LLMs"]),
        ("the (Reasoning Corpus (ARC)) of", "(Reasoning Corpus", ["Reasoning Corpus"]),
        (
            "a graph convolutional network (GCN) encoder",
            "graph convolutional network (GCN) encoder",
            ["graph convolutional network", "GCN"],
        ),
        ("a virtual try-on of clothes", "virtual try-on of", ["virtual try-on"]),
        ("an on-board computer", "on-board computer", ["on-board computer"]),
        ("GAN-based images", "GAN-based", ["GAN"]),
        ("an image-based synthesis", "-based synthesis", ["synthesis"]),
        ("support vector\nmachines win", "support vector\nmachines", ["support vector\nmachines"]),
        ("of the", "of the", []),
        ("BERT", "BERT", ["BERT"]),
    ],
)
def test_a_mention_is_trimmed_and_split_as_people_would(text, marked, expected):
    assert tidied(text, marked) == expected


def test_spans_stay_in_order_and_apart():
    text = "We compare the new ridge regression (RR) with the lasso of old."
    assert tidied(text, "ridge regression (RR)", "the lasso of") == ["ridge regression", "RR", "lasso"]


def test_no_name_goes_on_from_the_title_into_the_abstract():
    title = "Extended Monte Carlo"
    text = f"{title}\nSampling is slow"
    words = split_words(text)
    assert tidy(text, words, (0, 4), len(title)) == [(0, 3), (3, 4)]
