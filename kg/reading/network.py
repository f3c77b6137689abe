"""The door to the trained network: words in, probabilities of each head for each word out.

What ships is in ``weights/``: the wordpieces' vectors as int8 with one scale a row (``embeddings.npz``), the layers
above them as ONNX with int8 matrices (``default.onnx``, and a lighter one, ``fast.onnx``), the tokenizer, and
``model.json`` with the heads' labels and the SHA-256 of every file. Scales of the activations are taken for each
window by itself, one window at a time, so that what is read does not depend on what else is read.
"""

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import EngineError
from kg.reading.words import Words

FOLDER = Path(__file__).parent / "weights"
WINDOW = 510  # wordpieces, without the two marks around them
OVERLAP = 128  # wordpieces that two windows share at least, where words are not longer

Floats = NDArray[np.float32]
Heads = dict[str, Floats]


@cache
def card() -> dict[str, Any]:
    """What ``model.json`` says. Raises ``EngineError`` where it is missing or damaged."""
    try:
        found: dict[str, Any] = json.loads((FOLDER / "model.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(f"{FOLDER / 'model.json'} cannot be read ({error}): {_mend()}") from error
    return found


def check(variant: str) -> None:
    """Raises ``EngineError`` where a file that the variant needs is missing or damaged."""
    for name in ("tokenizer.json", "embeddings.npz", f"{variant}.onnx"):
        _checked(name)


class Network:
    """The network with its tokenizer. ``variant`` is "default" or "fast". One instance a process."""

    def __init__(self, variant: str = "default") -> None:
        from tokenizers import Tokenizer

        self._tokenizer = Tokenizer.from_str(_checked("tokenizer.json").decode())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        vocabulary = self._tokenizer.get_vocab()
        self._start, self._end, self._unknown = (vocabulary[mark] for mark in ("[CLS]", "[SEP]", "[UNK]"))
        self._vectors, self._scales = _embeddings()
        self._session = open_session(_checked(f"{variant}.onnx"))
        self._heads = [output.name for output in self._session.get_outputs()]

    def read(self, text: str, words: Words) -> Heads:
        """Probabilities, float32 (words, classes), by head."""
        pieces = self._pieces(text, words)
        parts = [(window, self._window(pieces[slice(*window)])) for window in windows([len(p) for p in pieces])]
        return {head: _joined([(window, found[head]) for window, found in parts], len(words)) for head in self._heads}

    def _pieces(self, text: str, words: Words) -> list[list[int]]:
        """The wordpieces of each word, at least one, at most a window full."""
        encoding = self._tokenizer.encode(
            [text[start:end] for start, end in words], is_pretokenized=True, add_special_tokens=False
        )
        found: list[list[int]] = [[] for _ in words]
        for piece, word in zip(encoding.ids, encoding.word_ids, strict=True):
            if word is not None:
                found[word].append(piece)
        return [(pieces or [self._unknown])[:WINDOW] for pieces in found]

    def _window(self, words: list[list[int]]) -> Heads:
        pieces = [self._start]
        firsts = []
        for word in words:
            firsts.append(len(pieces))
            pieces.extend(word)
        pieces.append(self._end)
        vectors = self._vectors[pieces] * self._scales[pieces]
        found = self._session.run(self._heads, {"vectors": vectors[None], "firsts": np.array([firsts], dtype=np.int64)})
        return {head: softmax(logits[0]) for head, logits in zip(self._heads, found, strict=True)}


def open_session(model: str | bytes) -> Any:
    """An onnxruntime session for a file, or what stands in it, as the network is run."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # processes share the work, not threads
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        model,
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=["SkipLayerNormFusion"],  # its kernel is several times as slow as the two that it joins
    )


def windows(lengths: list[int], limit: int = WINDOW, overlap: int = OVERLAP) -> Iterator[tuple[int, int]]:
    """Overlapping runs of words (first, beyond last) of at most ``limit`` wordpieces that cover all words."""
    first = 0
    while first < len(lengths):
        last, size = first, 0
        while last < len(lengths) and size + lengths[last] <= limit:
            size += lengths[last]
            last += 1
        yield first, last
        if last == len(lengths):
            return
        back, shared = last, 0
        while back - 1 > first and shared < overlap:
            back -= 1
            shared += lengths[back]
        first = back


def _joined(parts: list[tuple[tuple[int, int], Floats]], words: int) -> Floats:
    """One row a word; where windows overlap, each gives the half that lies deeper inside it."""
    if len(parts) == 1:
        return parts[0][1]
    if not parts:
        return np.zeros((0, 1), dtype=np.float32)
    cuts = [0, *((one[1] + other[0] + 1) // 2 for (one, _), (other, _) in pairwise(parts)), words]
    rows = [
        found[start - window[0] : end - window[0]]
        for (window, found), (start, end) in zip(parts, pairwise(cuts), strict=True)
    ]
    return np.concatenate(rows)


def softmax(logits: Floats) -> Floats:
    """Probabilities along the last axis."""
    shares = np.exp(logits - logits.max(-1, keepdims=True))
    found: Floats = shares / shares.sum(-1, keepdims=True)
    return found


def _embeddings() -> tuple[NDArray[np.int8], Floats]:
    """The wordpieces' vectors (pieces, width) and their scales (pieces, 1)."""
    import io

    with np.load(io.BytesIO(_checked("embeddings.npz")), allow_pickle=False) as found:
        return found["vectors"], found["scales"]


def _checked(name: str) -> bytes:
    """A file's bytes. Raises ``EngineError`` where they are not those that the model was measured with."""
    path = FOLDER / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EngineError(f"{path} cannot be read ({error.strerror}): {_mend()}") from error
    if hashlib.sha256(content).hexdigest() != card()["files"].get(name):
        raise EngineError(f"{path} is not the file that belongs to this version: {_mend()}")
    return content


def _mend() -> str:
    return "install paperkg again (pip install --force-reinstall paperkg)"
