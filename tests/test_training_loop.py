"""The training loop on a toy network: it learns, is taken up again where it stopped, and its export says the same.

Collected only where the packages of the extra ``train`` are installed (see ``conftest.py``).
"""

import json

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

from scripts.training import corpus, examples, export, fit, teach
from scripts.training.corpus import Paper, Thing
from scripts.training.network import Network

WORDS = ["we", "train", "model", "alpha", "beta", "gamma", "on", "data", "and", "report", "the", "score", "of", "it"]
SETTINGS = {
    "epochs": 12, "batch": 4, "rate": 5e-3, "head_rate": 2e-2, "layer_decay": 0.9, "dropout": 0.1, "seed": 5,
    "loss": {"tags": 1.0, "roles": 0.3, "named": 0.1},
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A checkpoint of a tiny encoder with its tokenizer."""
    place = tmp_path_factory.mktemp("encoder")
    vocabulary = {word: n for n, word in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(place / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                        intermediate_size=64)  # fmt: skip
    BertModel(config, add_pooling_layer=False).save_pretrained(place)
    return place


@pytest.fixture(scope="module")
def papers():
    found = []
    for n in range(16):
        name = ("alpha", "beta", "gamma")[n % 3]
        text = f"model {name}\nwe train {name} on data and report the score"
        spans = [(6, 6 + len(name), 0), (15 + len(name), 15 + 2 * len(name), 0)]
        found.append(Paper(f"p{n}", text, 6 + len(name), [Thing("Model", [], "proposed", True)], spans))
    return found


def trained(folder, papers, out):
    fit.seed(SETTINGS["seed"])
    made = examples.make(papers, examples.load_tokenizer(folder))
    return fit.fit(Network.pretrained(folder, SETTINGS), made, SETTINGS, out), made


def test_it_learns_what_it_is_shown(folder, papers, tmp_path):
    network, made = trained(folder, papers, tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines[-1]["step"] == lines[-1]["of"] == 48
    heads = fit.predict(network, made)[0]
    words = papers[0].words()
    place = next(n for n, word in enumerate(words) if papers[0].text[slice(*word)] == "alpha")
    assert corpus.LABELS[heads["tags"][place].argmax()] == "B-Model"
    assert corpus.ROLES[heads["roles"][place].argmax()] == "proposed"


def test_a_run_that_stopped_ends_as_if_it_had_not(folder, papers, tmp_path, monkeypatch):
    whole, _ = trained(folder, papers, tmp_path / "whole")
    monkeypatch.setattr(fit, "CHECKPOINT_EVERY", 0)
    collate, calls = examples.collate, 0

    def stopping(batch):
        nonlocal calls
        calls += 1
        if calls == 20:
            raise KeyboardInterrupt
        return collate(batch)

    monkeypatch.setattr(examples, "collate", stopping)
    with pytest.raises(KeyboardInterrupt):
        trained(folder, papers, tmp_path / "stopped")
    monkeypatch.setattr(examples, "collate", collate)
    again, _ = trained(folder, papers, tmp_path / "stopped")
    for one, other in zip(whole.state_dict().values(), again.state_dict().values(), strict=True):
        assert torch.equal(one, other)


def test_what_is_exported_says_the_same_within_what_eight_bits_lose(folder, papers, tmp_path):
    network, made = trained(folder, papers, tmp_path / "run")
    export.export(network, folder / "tokenizer.json", tmp_path / "out", "default")
    taught = teach.teach(tmp_path / "out", papers)
    for example, heads in zip(made, fit.predict(network, made), strict=True):
        for head, rows in heads.items():
            assert np.abs(rows - taught[papers[example.paper].id][head]).max() < 0.15
    teach.save(taught, tmp_path / "taught.npz")
    again = teach.load(tmp_path / "taught.npz")
    assert all((again[id_][head] == rows).all() for id_, heads in taught.items() for head, rows in heads.items())


def test_a_teacher_has_its_share_of_the_targets(folder, papers):
    rows = {"tags": 11, "roles": 4, "named": 2}
    words = len(papers[0].words())
    taught = {papers[0].id: {head: np.full((words, n), 1 / n, dtype=np.float16) for head, n in rows.items()}}
    tokenizer = examples.load_tokenizer(folder)
    (mixed,) = examples.make(papers[:1], tokenizer, taught, share=0.25)
    assert mixed.targets["tags"][1, 5] == pytest.approx(0.75 + 0.25 / 11, abs=1e-3)
    assert mixed.weights["roles"].tolist() == examples.make(papers[:1], tokenizer)[0].weights["roles"].tolist()


@pytest.mark.parametrize(("role", "named"), [("mentioned", True), ("used", False)])
def test_an_annotation_that_is_not_sure_leaves_what_is_optional_to_the_teacher(folder, papers, role, named):
    rows = {"tags": 11, "roles": 4, "named": 2}
    optional = Paper(papers[0].id, papers[0].text, 0, [Thing("Model", [], role, named)], papers[0].spans)
    words = len(optional.words())
    taught = {optional.id: {head: np.full((words, n), 1 / n, dtype=np.float16) for head, n in rows.items()}}
    tokenizer = examples.load_tokenizer(folder)
    for sure, share in ((True, 0.25), (False, 1)):
        (made,) = examples.make([optional], tokenizer, taught, share=0.25, sure=sure)
        assert made.targets["tags"][1, 5] == pytest.approx(1 - share + share / 11, abs=1e-3)
        assert made.targets["named"][1, int(named)] == pytest.approx(1 - share + share / 2, abs=1e-3)
        assert made.targets["tags"][0, 0] == pytest.approx(0.75 + 0.25 / 11, abs=1e-3)
