"""Names and identifiers in the form in which they are compared, and the IRIs made from them.

An IRI's local part is a letter for the kind and the first 20 hex digits of SHA-256 over a canonical JSON key: it
follows from what a thing is, never from a counter or an order of arrival.
"""

import hashlib
import re
import unicodedata
from functools import lru_cache
from json.encoder import encode_basestring

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_ACRONYM_PLURAL = re.compile(r"\b([A-Z][A-Za-z]*[A-Z]|[A-Z])s\b")
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*|[+#*]+")
_TITLE_WORD = re.compile(r"[^\W_]+")
_ARTICLES = ("a", "an", "the")


def local_iri(letter: str, *key: str | int) -> str:
    """The local part of an IRI: ``letter`` and 20 hex digits of the hash of the key as a compact JSON array."""
    parts = (encode_basestring(part) if isinstance(part, str) else str(part) for part in key)
    return letter + hashlib.sha256(f"[{','.join(parts)}]".encode()).hexdigest()[:20]


@lru_cache(maxsize=1 << 16)  # the same names come again and again, in one paper and over all
def fold_name(name: str) -> str:
    """The form in which names of things are equal: case, dashes, punctuation, leading articles and plurals set aside.

    >>> fold_name("Instrumental-Variables regressions"), fold_name("the IVs"), fold_name("CNN/DailyMail")
    ('instrumental variable regression', 'iv', 'cnn dailymail')
    >>> fold_name("C++"), fold_name("GPT-3.5"), fold_name("TSLS"), fold_name("GANs"), fold_name("inductive bias")
    ('c ++', 'gpt 3.5', 'tsls', 'gan', 'inductive bias')
    """
    text = name if name.isascii() else _DASHES.sub("-", unicodedata.normalize("NFKC", name))
    words = [_singular(w) for w in _WORD.findall(_ACRONYM_PLURAL.sub(r"\1", text) if "s" in text else text)]
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words)


def _singular(word: str) -> str:
    if word[-1] != "s":  # nor is TSLS a plural of TSL
        return word.casefold()
    word = word.casefold()
    if len(word) < 4 or word.endswith(("ss", "us", "is", "ias", "ews")):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=1 << 12)
def fold_title(title: str) -> str:
    """The form in which titles are equal: letters and digits only, without case or accents."""
    return _letters_and_digits(title)


def _letters_and_digits(title: str) -> str:
    if not title.isascii():
        title = "".join(c for c in unicodedata.normalize("NFKD", title) if not unicodedata.combining(c))
    return " ".join(_TITLE_WORD.findall(title.casefold()))


def fold_person(name: str) -> str:
    """The form in which names of people are equal: without case, accents, dots or extra spaces."""
    return fold_title(name)


@lru_cache(maxsize=64)  # one record's abstract is asked for several times in a row
def text_hash(text: str) -> str:
    """20 hex digits that change with any change of letters or digits in the text."""
    return hashlib.sha256(_letters_and_digits(text).encode()).hexdigest()[:20]
