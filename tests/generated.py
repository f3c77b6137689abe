"""Records like those of the arXiv snapshot, made from word lists: for tests and benchmarks where no real ones are."""

import random
from collections.abc import Iterator
from typing import Any

_METHODS = (
    "instrumental variables", "two-stage least squares", "gradient boosting", "principal component analysis",
    "knowledge distillation", "contrastive learning", "Gaussian processes", "Markov chain Monte Carlo", "LASSO",
    "dropout", "reinforcement learning", "beam search", "k-means clustering", "difference-in-differences",
)  # fmt: skip
_MODELS = ("BERT", "GPT-2", "ResNet-50", "LSTM", "a convolutional neural network", "the Transformer", "T5-large")
_TASKS = (
    "machine translation", "image classification", "named entity recognition", "question answering",
    "causal inference", "speech recognition", "object detection", "time series forecasting",
)  # fmt: skip
_DATASETS = ("ImageNet", "SQuAD", "CIFAR-10", "WMT14", "MNIST", "CoNLL-2003", "LibriSpeech", "the Penn Treebank")
_METRICS = ("accuracy", "F1 score", "BLEU", "AUC", "word error rate", "perplexity")
_SENTENCES = (
    "We propose {new}, a new approach to {task} that builds on {method}.",
    "Recent work on {task} has relied on {model} and {method}.",
    "In this paper, we study {task} with {method} and compare it with {model}.",
    "Our method achieves {metric} of {value}% on {dataset}, which is {gain} points better than {model}.",
    "Experiments on {dataset} and {dataset2} show that {new} outperforms {model} by {gain}%.",
    "We collected {count} documents from {countries} countries.",
    "The estimate is stable (r = 0.{cents}, p < 0.01) and needs {times}x fewer parameters.",
    "These findings suggest that {method} remains useful when labels are scarce, e.g. in medicine.",
)
_FIRST = ("Ann", "Bo", "Carla", "Dmitri", "Elif", "Femi", "Grace", "Hiro", "Ines", "Jamal", "Katja", "Liam")
_LAST = ("Adams", "Bauer", "Chen", "Diaz", "Eze", "Fischer", "Gupta", "Haddad", "Ito", "Jensen", "Kovacs", "Lopez")
_CATEGORIES = ("cs.CL", "cs.LG", "cs.CV", "stat.ME", "econ.EM", "q-bio.QM")


def records(count: int, *, seed: int = 0) -> Iterator[dict[str, Any]]:
    """``count`` records with the fields of the arXiv snapshot; equal seeds give equal records."""
    random_ = random.Random(seed)
    for number in range(count):
        yield _record(random_, seed, number)


def _record(r: random.Random, seed: int, number: int) -> dict[str, Any]:
    words = {
        "new": f"{r.choice('ABCDEFGH')}{r.choice('aeiou')}{r.choice('lnrst').upper()}Net{r.randint(1, 400)}",
        "task": r.choice(_TASKS), "method": r.choice(_METHODS), "model": r.choice(_MODELS),
        "dataset": r.choice(_DATASETS), "dataset2": r.choice(_DATASETS), "metric": r.choice(_METRICS),
        "value": f"{r.uniform(20, 99):.1f}", "gain": f"{r.uniform(0.2, 9):.1f}", "count": f"{r.randint(200, 90000):,}",
        "countries": r.randint(3, 60), "cents": r.randint(10, 99), "times": r.randint(2, 20),
    }  # fmt: skip
    sentences = r.sample(_SENTENCES, r.randint(5, len(_SENTENCES)))
    year, month = 2000 + seed % 20, r.randint(1, 12)
    return {
        "id": f"{year % 100:02d}{month:02d}.{number:05d}",
        "title": f"{words['new']}: {words['method'].capitalize()} for {words['task'].title()} ({number})",
        "authors": ", ".join(f"{r.choice(_FIRST)} {r.choice(_LAST)}" for _ in range(r.randint(1, 5))),
        "abstract": " ".join(sentence.format(**words) for sentence in sentences),
        "categories": " ".join(r.sample(_CATEGORIES, r.randint(1, 3))),
        "doi": f"10.1000/{seed}.{number}" if r.random() < 0.2 else None,
        "update_date": f"{year}-{month:02d}-{r.randint(1, 28):02d}",
    }
