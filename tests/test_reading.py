"""Reading a title and an abstract: what comes out holds for any text, in any number of processes."""

import subprocess
import sys
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg.reading
from kg.identity import fold_name
from kg.model import Reading
from kg.reading import Reader, fingerprint, lines, numerals
from kg.reading.pipeline import STEPS, steps
from kg.schema import COMPARATORS, CONCEPTS, RESULT_KINDS, ROLES, STATUSES

TITLE = "FoldNet: A Simple Network for Image Classification"
ABSTRACT = (
    "Image classification still needs large labelled datasets. We propose FoldNet, a convolutional neural network (CNN)"
    " that is trained with knowledge distillation. On ImageNet, FoldNet achieves an accuracy of 81.3%, compared with"
    " 79.0% for ResNet-50, and reduces inference latency by 35%. The CNN has 1.5M parameters and is 4x faster than"
    " ResNet-50 (p < .001)."
)


@pytest.fixture(scope="session")
def reader():
    with Reader() as shared:
        yield shared


@pytest.fixture(scope="session")
def reading(reader):
    return next(reader.read([(TITLE, ABSTRACT)]))


def _entity(reading, name):
    return next(entity for entity in reading.entities if entity.name == name)


def _result(reading, value):
    return next(result for result in reading.results if result.value == Decimal(value))


# What is found


def test_an_abstract_gives_its_entities_with_type_and_role(reading):
    found = {(e.type, e.name, e.role) for e in reading.entities}
    assert {
        ("Task", "image classification", "used"),
        ("Model", "FoldNet", "proposed"),
        ("Method", "knowledge distillation", "used"),
        ("Dataset", "ImageNet", "used"),
        ("Model", "ResNet-50", "compared"),
        ("Metric", "accuracy", "used"),
    } <= found


def test_acronym_and_expansion_are_one_entity_with_all_occurrences(reading):
    network = _entity(reading, "convolutional neural network")
    assert [mention.text for mention in network.mentions] == ["convolutional neural network", "CNN", "CNN"]


def test_a_result_knows_its_measure_data_and_sentence(reading):
    result = _result(reading, "81.3")
    assert (result.metric, result.dataset, result.subject) == ("accuracy", "ImageNet", "FoldNet")
    assert (result.kind, result.unit, result.comparator) == ("absolute", "%", "=")
    assert result.raw == "accuracy of 81.3%"
    assert result.evidence.startswith("On ImageNet")
    assert result.evidence.endswith("35%.")


def test_changes_ratios_and_statistics_are_told_apart(reading):
    kinds = {str(r.value): (r.kind, r.unit) for r in reading.results}
    assert kinds["35"] == ("delta", "%")
    assert kinds["4"] == ("ratio", "x")
    assert kinds["0.001"] == ("statistic", "")
    assert _result(reading, "0.001").comparator == "<"
    assert _result(reading, "0.001").metric == "p-value"
    assert _result(reading, "35").metric == "latency"


def test_sizes_are_quantities_in_plain_units(reading):
    assert [(q.value, q.unit, q.raw) for q in reading.quantities] == [
        (Decimal(1500000), "parameters", "1.5M parameters")
    ]


def test_two_values_of_one_phrase_are_two_results(reader):
    text = "We achieved BLEU scores of 21.7 and 17.6 on the WMT16 En-Ro benchmark."
    (found,) = reader.read([("Translation", text)])
    assert [(r.metric, str(r.value), r.dataset) for r in found.results] == [
        ("BLEU", "21.7", "WMT16 En-Ro benchmark"),
        ("BLEU", "17.6", "WMT16 En-Ro benchmark"),
    ]


def test_years_sections_citations_and_version_numbers_are_no_results(reader):
    text = (
        "In 2019, we fine-tuned GPT-3.5 and Qwen2-7B on ImageNet-1K, as in Section 4 of [12] and Phys. Rev. Lett. 131,"
        " 030402 (2023). The accuracy is p 4 .001."
    )
    (found,) = reader.read([("A note on models", text)])
    assert found.results == ()


def test_forms_of_instrumental_variables_are_one_entity(reader):
    text = "We use instrumental variables. The IVs are weak, so IV regression is combined with two-stage least squares."
    (found,) = reader.read([("Weak instruments", text)])
    assert {m.text for m in _entity(found, "instrumental variable").mentions} == {
        "instrumental variables", "IVs", "IV regression"
    }  # fmt: skip
    assert _entity(found, "two-stage least squares").type == "Method"


def test_what_is_introduced_as_a_dataset_is_one(reader):
    text = (
        "This paper introduces KoralQA, a new large-scale, open-domain reading comprehension (MRC) dataset of"
        " questions. KoralQA has 3 parts."
    )
    (found,) = reader.read([("Questions that people ask", text)])
    assert (_entity(found, "KoralQA").type, _entity(found, "KoralQA").role) == ("Dataset", "proposed")


def test_what_was_known_before_is_not_proposed(reader):
    text = (
        "Large language models such as GPT-4 have achieved remarkable performance in recent years. We propose FooRank,"
        " a model for document ranking."
    )
    (found,) = reader.read([("Ranking documents", text)])
    assert _entity(found, "FooRank").role == "proposed"
    assert _entity(found, "GPT-4").role in ("mentioned", "used")


def test_a_weak_acronym_alone_names_nothing(reader):
    (found,) = reader.read([("On type IV secretion", "The type IV secretion system of a bacterium is described here.")])
    assert "instrumental variable" not in {e.name for e in found.entities}


# Texts that are kept without facts


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        ("", ("empty", "en")),
        (" \n ", ("empty", "en")),
        ("This paper has been withdrawn by the author due to an error in Lemma 2.", ("withdrawn", "en")),
        ("Withdrawn.", ("withdrawn", "en")),
        ("The authors have withdrawn this article because of a mistake.", ("withdrawn", "en")),
        ("Nous présentons dans cet article une nouvelle méthode pour la classification des images.", ("foreign", "fr")),
        (
            "In dieser Arbeit wird ein neues Verfahren für die Klassifikation von Bildern vorgestellt.",
            ("foreign", "de"),
        ),
        ("本文提出了一种新的图像分类方法，并在多个数据集上进行了实验。", ("foreign", "zh")),
        ("Let $f: X \\to Y$ be flat. Then $R^1 f_* O_X = 0$.", ("ok", "en")),
        ("We study patients who were withdrawn from treatment, and drugs withdrawn from the market.", ("ok", "en")),
    ],
)
def test_the_status_tells_what_is_worth_reading(reader, abstract, expected):
    (found,) = reader.read([("A title of some words", abstract)])
    assert (found.status, found.language) == expected
    assert found.sentences[0] == (0, 21)
    if found.status != "ok":
        assert (found.entities, found.results, found.quantities) == ((), (), ())


# What holds for any text


def check(title, abstract, found):
    """Every promise of ``Reading``."""
    text = f"{title}\n{abstract}"
    assert found.status in STATUSES
    assert list(found.sentences) == sorted(found.sentences)
    assert all(a_end <= b_start for (_, a_end), (b_start, _) in pairwise(found.sentences))
    inside = {n for start, end in found.sentences for n in range(start, end)}
    assert all(text[n].isspace() for n in range(len(text)) if n not in inside)
    for entity in found.entities:
        assert entity.type in CONCEPTS
        assert entity.role in ROLES
        assert entity.name
        assert 0 < entity.confidence <= 1
        assert entity.mentions == tuple(sorted(entity.mentions, key=lambda m: m.start)) != ()
        assert all(m.text == text[m.start : m.end] for m in entity.mentions)
    for result in found.results:
        assert result.kind in RESULT_KINDS
        assert result.comparator in COMPARATORS
        assert 0 < result.confidence <= 1
        assert result.raw == text[result.start : result.end]
        assert result.start <= result.value_start < result.value_end <= result.end
        assert numerals.parse(text[result.value_start : result.value_end]) == result.value
        assert Decimal(result.value_text) == result.value
        assert result.raw in result.evidence
    for quantity in found.quantities:
        assert quantity.raw == text[quantity.start : quantity.end]
    assert lines.from_json(lines.to_json(found)) == found


WORDS = st.sampled_from(
    """
    We propose the model BERT (CNN) a accuracy of 91.3% 12.5 ± 0.3 [0.41, 0.52] 95% CI 10^{-3} $x. y$ p < .001 1.2M 16x
    on ImageNet-1K eight-fold an order of magnitude e.g. i.e. et al. Fig. 3 e\u0301 \u0130 \u00df 😀 שלום half between
    3 and 5% 6.0 to 9.5 ( ) [ ] { } $ . ! ? , ; : - http://a.b/c convolutional neural network F1 half an outperforms by
    """.split()  # noqa: SIM905
) | st.sampled_from(["\u200b", "\x00", "\r\n", "\t", "\n\n", "\u2028"])
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(WORDS, max_size=60).map(" ".join),
    st.lists(WORDS, max_size=60).map("".join),
)


@settings(max_examples=60)
@given(title=TEXTS, abstract=TEXTS)
def test_any_text_is_read_with_exact_offsets(reader, title, abstract):
    (found,) = reader.read([(title, abstract)])
    check(title, abstract, found)


@settings(max_examples=40)
@given(abstract=st.lists(WORDS, min_size=30, max_size=60).map(" ".join))
def test_any_english_text_is_read_with_exact_offsets(reader, abstract):
    abstract = f"In this paper we use the data of the study and it is {abstract}"
    (found,) = reader.read([(TITLE, abstract)])
    assert found.status == "ok"
    check(TITLE, abstract, found)


def test_an_abstract_keeps_every_promise(reading):
    check(TITLE, ABSTRACT, reading)


@pytest.mark.parametrize(
    "piece", ["a", "(", "a. ", "😀", "$x_1$ ", "-", " ", "1 2 ", "[a](b. C", "http://a/", "AbC (AC) ", "we propose "]
)
def test_long_texts_take_time_in_proportion(reader, piece):
    abstract = f"We use the model of this paper and the data {piece * (10_000 // len(piece))}"
    (found,) = reader.read([("Title", abstract)])  # where time were quadratic, this would take long
    check("Title", abstract, found)


# The same from any way of reading


def _papers(count):
    return [(f"{TITLE} {n}", f"{ABSTRACT} The mean of run {n} is {n}.5% on dataset D-{n}.") for n in range(count)]


def test_readings_do_not_depend_on_batch_size_or_processes(reader):
    papers = [*_papers(11), ("Empty", ""), *_papers(3)]
    expected = [next(reader.read([paper])) for paper in papers]
    assert list(reader.read(papers)) == expected
    with Reader(processes=2, batch_size=3) as several:
        assert list(several.read(papers)) == expected


def test_readings_come_while_texts_still_arrive():
    taken = 0

    def texts():
        nonlocal taken
        for paper in _papers(60):
            taken += 1
            yield paper

    with Reader(processes=2, batch_size=2) as several:
        readings = several.read(texts())
        assert isinstance(next(readings), Reading)
        assert taken <= 12
        readings.close()


@pytest.mark.parametrize("wrong", [{"processes": 0}, {"batch_size": 0}])
def test_a_reader_needs_at_least_one_of_each(wrong):
    with pytest.raises(ValueError, match="at least 1"):
        Reader(**wrong)


# What the reader is


def test_importing_the_package_loads_no_spacy():
    heavy = "{'spacy', 'numpy', 'onnxruntime'}"
    code = f"import sys, kg.reading; kg.reading.fingerprint(); assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_fingerprint_changes_with_any_table_or_code(monkeypatch, tmp_path):
    before = fingerprint.__wrapped__()
    assert before == fingerprint.__wrapped__()
    for file in kg.reading._HERE.iterdir():
        if file.suffix in (".py", ".tsv"):
            (tmp_path / "reading").mkdir(exist_ok=True)
            (tmp_path / "reading" / file.name).write_bytes(file.read_bytes())
    for name in kg.reading._BESIDE:
        (tmp_path / name).write_bytes((kg.reading._HERE.parent / name).read_bytes())
    monkeypatch.setattr(kg.reading, "_HERE", tmp_path / "reading")
    assert fingerprint.__wrapped__() == before
    tables = sorted((tmp_path / "reading").glob("*.tsv"))
    assert {file.stem for file in tables} == {"reporting"}
    (tmp_path / "model.json").write_bytes(kg.reading._CARD.read_bytes())
    monkeypatch.setattr(kg.reading, "_CARD", tmp_path / "model.json")
    assert fingerprint.__wrapped__() == before
    for file in [tmp_path / "names.tsv", *tables, tmp_path / "reading" / "results.py", tmp_path / "model.json"]:
        content = file.read_bytes()
        file.write_bytes(content + b"\n")
        assert fingerprint.__wrapped__() != before
        file.write_bytes(content)


def test_every_step_is_a_function_and_every_file_of_steps_is_in_the_table():
    assert len(steps()) == len(STEPS)
    files = {target.partition(":")[0].rpartition(".")[2] for target in STEPS.values()}
    defining = {
        path.stem for path in Path(kg.reading.__file__).parent.glob("*.py") if "doc: Doc) -> Doc:\n" in path.read_text()
    }
    assert defining - {"document"} == files


def test_names_of_entities_fold_to_themselves(reading):
    assert all(fold_name(entity.name) for entity in reading.entities)
