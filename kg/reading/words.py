"""Words as the trained model sees them: runs of letters and digits, and every other sign by itself."""

import re
from collections.abc import Iterator

from spacy.tokens import Doc
from spacy.vocab import Vocab

Words = list[tuple[int, int]]
_WORD = re.compile(r"\w+|[^\w\s]")
ANOTHER = re.compile(r"-[A-Z\d]")  # goes on to another name: "CLIP-T" is not CLIP
_TOKEN = re.compile(r"(?P<word>\w+|[^\w\s]|\s)(?P<blank> ?)")


def split_words(text: str) -> Words:
    """Offsets of the words of a text, in order."""
    return [found.span() for found in _WORD.finditer(text)]


def occurrences(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where a form stands as whole words, its plural included."""
    start = text.find(form)
    while start >= 0:
        end = start + len(form)
        if end < len(text) and text[end] == "s" and not form.endswith("s"):
            end += 1
        if not (start and _joined(text[start - 1])) and not _goes_on(text, form, end):
            yield start, end
        start = text.find(form, start + len(form))


def _goes_on(text: str, form: str, end: int) -> bool:
    """Whether the word is longer than the form; "CLIP-T" is not CLIP."""
    if end >= len(text):
        return False
    return _joined(text[end]) or (not form.islower() and ANOTHER.match(text, end) is not None)


def _joined(character: str) -> bool:
    return character.isalnum() or character == "_"


def make_doc(text: str) -> Doc:
    """A spaCy Doc with these words as its tokens; ``doc.text == text``. Other white space is a token too."""
    words: list[str] = []
    spaces: list[bool] = []
    for found in _TOKEN.finditer(text):
        words.append(found["word"])
        spaces.append(bool(found["blank"]))
    return Doc(Vocab(), words=words, spaces=spaces)  # a shared one would keep every word of millions of texts
