"""What a number is about: its measure, its kind, and whose it is in a list."""

import pytest

from kg.reading import Reader, measures


@pytest.fixture(scope="module")
def reader():
    with Reader() as reader:
        yield reader


@pytest.fixture(scope="module")
def results(reader):
    def read(abstract, title="A note on results"):
        (found,) = reader.read([(title, abstract)])
        return found.results

    return read


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("GenEval score", "GenEval score"),
        ("8.7% GenEval score improvement", "GenEval score"),
        ("WER reduction.", "WER"),
        ("top-5 accuracy", "top-5 accuracy"),
        ("mAP@0.5", "mAP@0.5"),
        ("training cost", "training cost"),
        ("the F1", "F1"),
    ],
)
def test_a_measure_is_a_noun_phrase(phrase, name):
    assert measures.clean(phrase) == name


@pytest.mark.parametrize(
    "phrase",
    [
        "from 53.9", "when MFCC", "result.", "and 58", "and 3.7 points", "achieving the speed",
        "times compression rate", "efficient.", "", "%", "12 ms", "$x$", "over the", "respectively",
        "approach achieves a mean", "based", "physicians rated", "running",
    ],
)  # fmt: skip
def test_a_scrap_of_a_sentence_is_no_measure(phrase):
    assert measures.clean(phrase) is None


def test_an_improvement_has_the_measure_that_improves(results):
    found = results("Experiments show a notable 8.7% BLEU score improvement (from 0.69 to 0.75).")
    assert [(r.metric, str(r.value)) for r in found] == [
        ("BLEU", "8.7"), ("BLEU", "0.69"), ("BLEU", "0.75")
    ]  # fmt: skip
    assert found[0].kind == "delta"


def test_what_was_and_what_is_have_the_same_measure(results):
    found = results(
        "On this task, the micro F1 is improved from 53.9 to 64.5, and the one-error is reduced from 30.5 to 22.6."
    )
    metrics = {str(r.value): r.metric for r in found}
    assert metrics.get("64.5") == "micro F1"
    assert metrics.get("22.6") == "one-error"
    assert metrics.get("53.9", "micro F1") == "micro F1"
    assert metrics.get("30.5", "one-error") == "one-error"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Our model achieves accuracies of 93.28% and 93.32%.", ["absolute", "absolute"]),
        ("Our model reduces the error by 31.84%, and 40.36%.", ["delta", "delta"]),
        ("We obtain a 19.8% relative word error rate (WER) reduction.", ["delta"]),
        ("Our method improves the baseline by +1.72 in BLEU.", ["delta"]),
        ("We see a 22% and 7% gain (Accuracy@10) over the baseline.", ["delta", "delta"]),
    ],
)
def test_numbers_of_one_list_are_of_one_kind(results, sentence, expected):
    assert [r.kind for r in results(sentence)] == expected


def test_numbers_of_one_list_share_their_unit(results):
    found = results("Our model achieves an accuracy of 93.28, 91.5 and 93.32% on CIFAR-10.")
    assert {r.unit for r in found} == {"%"}


def test_a_condition_has_not_the_measure_of_the_result(results):
    found = results("The pruned network achieves 80.1% top-1 accuracy at 80% sparsity.")
    assert [str(r.value) for r in found if r.metric == "top-1 accuracy"] == ["80.1"]


def test_things_named_in_turn_have_the_numbers_in_turn(results):
    found = results("On ImageNet, ResNet-50 and BERT achieve an accuracy of 76.1% and 81.2%, respectively.")
    assert [(r.subject, str(r.value)) for r in found] == [("ResNet-50", "76.1"), ("BERT", "81.2")]
    found = results("Our model reaches an accuracy and F1 of 93.1% and 91.4%, respectively.")
    assert [(r.metric, str(r.value)) for r in found] == [("accuracy", "93.1"), ("F1", "91.4")]


def test_no_measure_is_invented(results):
    found = results("When MFCC is used, it drops from 53.9 to 50.1, and 58 follow, achieving the speed of 3.7 points.")
    assert all(r.metric is None or measures.clean(r.metric) == r.metric for r in found)
