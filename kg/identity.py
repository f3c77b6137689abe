"""Names and identifiers in the form in which they are compared, and the IRIs made from them.

An IRI's local part is a letter for the kind and the first 20 hex digits of SHA-256 over a canonical JSON key: it
follows from what a thing is, never from a counter or an order of arrival.
"""

import hashlib
import json
import re
import unicodedata
from typing import Any

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_ACRONYM_PLURAL = re.compile(r"\b([A-Z][A-Za-z]*[A-Z]|[A-Z])s\b")
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*|[+#*]+")
_ARTICLES = ("a", "an", "the")


def local_iri(letter: str, *key: Any) -> str:
    """The local part of an IRI: ``letter`` and 20 hex digits of the key's hash."""
    canonical = json.dumps(key, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return letter + hashlib.sha256(canonical.encode()).hexdigest()[:20]


def fold_name(name: str) -> str:
    """The form in which names of things are equal: case, dashes, punctuation, leading articles and plurals set aside.

    >>> fold_name("Instrumental-Variables regressions"), fold_name("the IVs"), fold_name("CNN/DailyMail")
    ('instrumental variable regression', 'iv', 'cnn dailymail')
    >>> fold_name("C++"), fold_name("GPT-3.5")
    ('c ++', 'gpt 3.5')
    """
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", name))
    words = [_singular(w) for w in _WORD.findall(_ACRONYM_PLURAL.sub(r"\1", text).casefold())]
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 5:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


def fold_title(title: str) -> str:
    """The form in which titles are equal: letters and digits only, without case or accents."""
    text = unicodedata.normalize("NFKD", title).casefold()
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in text if not unicodedata.combining(c))))


def fold_person(name: str) -> str:
    """The form in which names of people are equal: without case, accents, dots or extra spaces."""
    return fold_title(name)


def text_hash(text: str) -> str:
    """20 hex digits that change with any change of letters or digits in the text."""
    return hashlib.sha256(fold_title(text).encode()).hexdigest()[:20]
