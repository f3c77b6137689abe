"""What things are called: singular where that is sure, the paper's own words before the list's."""

import doctest
from importlib import import_module

import pytest

from kg.identity import fold_name
from kg.names import name_index
from kg.reading import Reader, abbreviations, document, entities
from kg.reading.document import Found
from kg.reading.forms import Keys
from kg.reading.generic import bare
from kg.reading.singular import singular
from kg.reading.words import make_doc
from kg.schema import CONCEPTS


@pytest.fixture(scope="module")
def reader():
    with Reader() as reader:
        yield reader


def _entities(reader, abstract, title="A short note"):
    (found,) = reader.read([(title, abstract)])
    return {m.text: (e.type, e.name) for e in found.entities for m in e.mentions}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("support vector machines", "support vector machine"),
        ("dictionaries", "dictionary"),
        ("distance matrices", "distance matrix"),
        ("price indices", "price index"),
        ("Fourier analyses", "Fourier analysis"),
        ("LLMs", "LLM"),
        ("VAE losses", "VAE loss"),
        ("patches", "patch"),
    ],
)
def test_a_regular_plural_is_named_in_singular(name, expected):
    assert singular(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "fake news", "PAS analysis", "inductive bias", "VGG loss", "TSLS", "NHTS", "Quantum Batteries", "Visual Echoes",
        "Dialogue Corpus", "quantum chaos", "fluid dynamics", "k-means", "time series", "Bayes", "least squares",
    ],
)  # fmt: skip
def test_what_is_no_sure_plural_stays_as_written(name):
    assert singular(name) == name


def test_title_case_is_singular_where_the_text_has_the_singular_too():
    assert singular("Spin Chains", "a Spin Chain is a chain") == "Spin Chain"


def test_an_acronym_before_an_s_that_is_no_plural_is_not_cut(reader):
    found = _entities(reader, "We use syntactic PAS analysis and the VGG perceptual loss to train the network.")
    assert {name for _, name in found.values()} >= {"VGG perceptual loss"}
    assert not {name for _, name in found.values() if name.endswith(("analysi", "los"))}


def test_a_generic_word_is_left_out_only_behind_a_name(reader):
    found = _entities(reader, "We train LSTM language models on the CoNLL dataset and evaluate perplexity.")
    assert ("Model", "LSTM language model") in found.values()
    assert not {name for _, name in found.values()} & {"LSTM language"}


def test_an_abbreviation_that_the_paper_spells_out_is_not_renamed_by_the_list(reader):
    found = _entities(
        reader,
        "We study intravenous (IV) therapy in hospitals. An IV estimator is not meant: the IV is a drip. We use "
        "the Test Specification Language (TSL) to write tests, and general practitioners (GPs) answered; GPs agreed.",
    )
    assert not {name for _, name in found.values()} & {"instrumental variable", "Gaussian process", "transfer learning"}


def test_an_abbreviation_spelt_out_in_other_words_is_still_the_listed_thing(reader):
    found = _entities(reader, "We train convolutional neural nets (CNNs) on images. The CNNs are deep.")
    assert found["CNNs"] == ("Model", "convolutional neural network")


def test_a_longer_word_that_begins_with_a_name_is_another_thing(reader):
    found = _entities(reader, "We report the CLIP-T metric on generated images and train with gradient descent.")
    assert "CLIP" not in found
    assert ("Model", "CLIP") not in found.values()


@pytest.mark.parametrize(
    ("form", "name", "broader"),
    [
        ("FDR", "false discovery rate", None),
        ("behavioural cloning", "behavioral cloning", "imitation learning"),
        ("QLoRA", "QLoRA", "LoRA"),
        ("Stanford Sentiment Treebank", "Stanford Sentiment Treebank", None),
        ("SST-2", "SST-2", "Stanford Sentiment Treebank"),
        ("Mini-ImageNet", "mini-ImageNet", "ImageNet"),
        ("WMT14", "WMT14", "WMT"),
        ("CLIP score", "CLIP score", None),
    ],
)
def test_the_list_keeps_narrower_things_apart(form, name, broader):
    assert [(entry.name, entry.broader) for entry in name_index()[fold_name(form)]] == [(name, broader)]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("SQuAD datasets", "SQuAD"),
        ("SQuAD data set", "SQuAD"),
        ("SQuAD benchmark dataset", "SQuAD"),
        ("two-stage least squares estimates", "two-stage least squares"),
        ("random forest classifier", "random forest"),
        ("gradient alignment techniques", "gradient alignment"),
        ("reasoning abilities", "reasoning"),
        ("object detection task", "object detection"),
        ("Text Augmentation\nMethods", "Text Augmentation"),
        ("genetic algorithm", "genetic algorithm"),
        ("finite element method", "finite element method"),
        ("alternating direction method", "alternating direction method"),
        ("operating system", "operating system"),
        ("existing methods", "existing methods"),
        ("Genetic Algorithm", "Genetic Algorithm"),
        ("text generation models", "text generation models"),
        ("MNIST classifier", "MNIST classifier"),
        ("GAN loss", "GAN loss"),
        ("transformer decoder", "transformer decoder"),
        ("method", "method"),
    ],
)
def test_a_name_stands_without_its_generic_word_where_it_can(form, expected):
    assert bare(form) == expected


def _weighed(start, end, score):
    return Found(start, end, "Method", score, "default", shares=(0, 1, 0, 0, 0), roles=(0, 1, 0, 0), named=1.0)


def test_a_part_of_a_listed_name_makes_way_for_the_whole():
    text = "Difference-in-differences rules"
    whole = text.index(" ")
    doc = document.start_document(make_doc(text), 0)
    hint = Found(0, whole, "Method", 1.0, "listed", "difference-in-differences")
    document.add_mentions(doc, [hint, _weighed(0, len("Difference"), 0.9), _weighed(0, whole, 0.1)])
    (thing,) = entities.things(doc).values()
    assert dict(thing.forms) == {"Difference-in-differences": 1}
    assert [found.score for found in thing.found] == [0.9]


@pytest.mark.parametrize("module", ["generic", "singular"])
def test_examples_in_docstrings_hold(module):
    failed, tried = doctest.testmod(import_module(f"kg.reading.{module}"))
    assert (failed, tried > 0) == (0, True)


def _doc(text, *forms):
    """A document with a mention of each form, weighed for its type; a form stands behind the text."""
    text = f"{text}: {', '.join(form for form, _ in forms)}."
    doc = abbreviations.find_abbreviations(document.start_document(make_doc(text), 0))
    found = []
    for form, type_ in forms:
        start = text.rindex(form)
        shares = tuple(float(name == type_) for name in CONCEPTS)
        found.append(_weighed(start, start + len(form), 0.9)._replace(type=type_, shares=shares))
    return document.add_mentions(doc, found)


@pytest.mark.parametrize(
    ("text", "one", "other", "same"),
    [
        ("random forests (RF) and a deep RF", "deep RF", "deep random forests", True),
        ("Grey wolf models (GWMs) act", "GWM agents", "grey wolf model agents", True),
        ("We like key-value (KV) cache reuse, KV cache reuse", "key-value (KV) cache reuse", "KV cache reuse", True),
        ("what we predict", "prediction of solar flares", "solar flare prediction", True),
        ("batteries and ions", "state of charge", "charge state", False),
        ("both ways", "image to text generation", "text to image generation", False),
        ("what is cut", "pruning methods", "pruning", True),
        ("what is bred", "genetic algorithms", "genetic", False),
    ],
)
def test_forms_of_one_thing_have_one_key(text, one, other, same):
    keys = Keys(_doc(text, (one, "Method"), (other, "Method")))
    assert (keys.of(one) == keys.of(other)) is same


def test_a_task_and_the_algorithm_for_it_stay_apart():
    keys = Keys(_doc("Time", ("scheduling problem", "Task"), ("scheduling algorithm", "Method")))
    assert keys.of("scheduling problem") != keys.of("scheduling algorithm")


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        ("prediction of solar flares", "solar flare prediction", "solar flare prediction"),
        ("distribution of games", "", "distribution of games"),
        ("gradient alignment techniques", "", "gradient alignment"),
    ],
)
def test_a_thing_has_the_better_name_of_its_forms(one, other, name):
    doc = _doc("Here", *((form, "Method") for form in (one, other) if form))
    (entity,) = document.facts(entities.set_entities(doc, entities.things(doc), least=0.0), "entities")
    assert entity["name"] == name


def test_what_calls_itself_a_model_is_no_data_set():
    forms = ["Chess Reasoning Model", "Chess Reasoning Set"]
    text = " and ".join(forms)
    doc = document.start_document(make_doc(text), 0)
    for form in forms:
        start = text.index(form)
        found = _weighed(start, start + len(form), 0.9)._replace(type="Dataset", shares=(0.0, 0.0, 0.1, 0.9, 0.0))
        document.add_mentions(doc, [found])
    assert [thing.type for thing in entities.things(doc).values()] == ["Model", "Dataset"]
