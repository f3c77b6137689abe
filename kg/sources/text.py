"""Text as it enters the graph. What is changed here, and nothing else, is changed before offsets are taken:

- ends are stripped;
- control characters (C0 but tab and line feed, DEL, C1, U+FFFE, U+FFFF), which RDF, XML or CSV cannot carry, become a
  space each, so that no offset moves; in a title, tab and line feed too;
- nothing is normalised: letters stay as composed or decomposed as the source has them.
"""

import re

from kg.identity import fold_title, local_iri, text_hash
from kg.sources.source import Defect

TITLE_LIMIT = 5_000
ABSTRACT_LIMIT = 100_000

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_BREAKS = re.compile(r"[\t\n\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")


def clean(text: str) -> str:
    """Text without control characters and outer whitespace. Raises Defect for half a surrogate pair."""
    if text.isprintable():  # nearly always: no controls, no halves of pairs
        return text.strip()
    if _SURROGATE.search(text):
        raise Defect("half a surrogate pair: the text cannot be written as UTF-8")
    return _CONTROL.sub(" ", text).strip()


def clean_line(text: str) -> str:
    """The same for what stands on one line: names, keys, categories."""
    text = clean(text)
    return text if text.isprintable() else _BREAKS.sub(" ", text).strip()


def clean_title(text: str) -> str:
    """A title on one line. Raises Defect where there is none, or none that could be one."""
    title = clean_line(text)
    if not title:
        raise Defect("no title")
    if len(title) > TITLE_LIMIT:
        raise Defect(f"title too long: {len(title):,} characters (at most {TITLE_LIMIT:,})")
    return title


def clean_abstract(text: str) -> str:
    """An abstract, which may be empty. Raises Defect over ``ABSTRACT_LIMIT`` characters."""
    if len(text) > ABSTRACT_LIMIT:
        raise Defect(f"abstract too long: {len(text):,} characters (at most {ABSTRACT_LIMIT:,})")
    return clean(text)


def unwrap(text: str) -> str:
    """Hard-wrapped text on one line: every run of whitespace is one space."""
    return " ".join(text.split())


def title_key(title: str) -> str:
    """The key of a record whose source gives none: it follows from the title."""
    return local_iri("title-", fold_title(title) or title)


def content_key(title: str, abstract: str) -> str:
    """The key of a record whose source gives none and where one title may stand for two papers."""
    return local_iri("text-", fold_title(title) or title, text_hash(abstract))
