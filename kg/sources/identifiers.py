"""Identifiers of papers and people, in the one form in which they are compared."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\"]+")
_DOI_PREFIX = re.compile(r"(?:https?://)?(?:(?:dx|www)\.)?doi\.org/|doi:\s*", re.I)
_ARXIV_PREFIX = re.compile(
    r"(?:https?://)?(?:(?:www|export|browse)\.)?(?:ar5iv\.(?:labs\.)?)?arxiv\.org/(?:abs|pdf|html|ps|format|src)/"
    r"|arxiv:\s*|(?:https?://)?(?:(?:dx|www)\.)?(?:doi\.org/)?10\.48550/arxiv\.",
    re.I,
)
_ARXIV_NEW = re.compile(r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d+)?(?:\.pdf)?", re.A)
_ARXIV_OLD = re.compile(r"([a-z]+(?:-[a-z]+)*)(?:\.[A-Za-z-]+)?/(\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v\d+)?(?:\.pdf)?", re.A)
_OPENALEX = re.compile(r"(?:(?:https?://)?(?:api\.)?openalex\.org/(?:works/)?|openalex:)?(w\d+)", re.I | re.A)
_PMID = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/|pmid:\s*)?(\d{1,9})/?",
    re.I | re.A,
)
_ACL = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:aclanthology\.org|aclweb\.org/anthology)/|acl:)?"
    r"([A-Z]\d{2}-\d{4}|\d{4}\.[a-z0-9_]+-[a-z0-9]+\.\d+)(?:\.pdf|/)?",
    re.I | re.A,
)
_S2 = re.compile(
    r"(?:(?:https?://)?(?:www\.)?semanticscholar\.org/paper/(?:[^/]+/)?|s2:)?([0-9a-f]{40}|corpusid:\d+)", re.I | re.A
)
_ORCID = re.compile(r"(?:(?:https?://)?(?:www\.)?orcid\.org/|orcid:)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?", re.I | re.A)


def doi(text: str) -> str | None:
    """A DOI in lower case without resolver. None for no DOI and for arXiv's own, which say no more than its ids.

    >>> doi("https://doi.org/10.1109/HUMANOIDS.2014.7041369"), doi("10.48550/arXiv.2301.00001")
    ('10.1109/humanoids.2014.7041369', None)
    """
    text = text.strip()
    bare = _DOI_PREFIX.sub("", text, count=1) if _DOI_PREFIX.match(text) else text
    if bare != text and "%" in bare:
        bare = unquote(bare)
    bare = bare.rstrip(".,;").lower()
    return bare if _DOI.fullmatch(bare) and not bare.startswith("10.48550/arxiv.") else None


def dois(text: str) -> tuple[str, ...]:
    """Every DOI in a field that may hold several with blanks between; what is none is left out."""
    return tuple(dict.fromkeys(found for word in text.split() if (found := doi(word))))


def arxiv(text: str) -> str | None:
    """An arXiv id without version and, in the old scheme, without subject class; None for anything else.

    >>> arxiv("2508.17502v2"), arxiv("https://arxiv.org/pdf/math.GT/0309136v1"), arxiv("arXiv:cmp-lg/9405013")
    ('2508.17502', 'math/0309136', 'cmp-lg/9405013')
    """
    bare = _ARXIV_PREFIX.sub("", text.strip(), count=1) if _ARXIV_PREFIX.match(text.strip()) else text.strip()
    if match := _ARXIV_NEW.fullmatch(bare):
        return match[1]
    match = _ARXIV_OLD.fullmatch(bare)
    return f"{match[1]}/{match[2]}" if match else None


def orcid(text: str) -> str | None:
    """An ORCID iD as four groups of four, or None."""
    match = _ORCID.fullmatch(text.strip())
    return match[1].upper() if match else None


def _whole(pattern: re.Pattern[str], form: Callable[[str], str]) -> Callable[[str], str | None]:
    def normalise(text: str) -> str | None:
        match = pattern.fullmatch(text.strip())
        return form(match[1]) if match else None

    return normalise


def _acl_form(value: str) -> str:
    return value.upper() if value[0].isalpha() else value.lower()


KINDS: Mapping[str, Callable[[str], str | None]] = {
    "doi": doi,
    "arxiv": arxiv,
    "openalex": _whole(_OPENALEX, str.upper),
    "pmid": _whole(_PMID, str),
    "acl": _whole(_ACL, _acl_form),
    "s2": _whole(_S2, str.lower),
}

_MARKED = re.compile(
    r"(?:https?://|openalex:|pmid:|acl:|s2:|(?:www\.)?(?:openalex|aclanthology|semanticscholar)\.org/)", re.I
)


def parse(reference: str) -> dict[str, str]:
    """The identifier that a reference is, by its kind; empty where it is none.

    A DOI or arXiv id may stand bare; the others are known by their prefix or address, since a bare number says nothing.

    >>> parse("arXiv:2508.17502"), parse("https://openalex.org/W123"), parse("paper-7")
    ({'arxiv': '2508.17502'}, {'openalex': 'W123'}, {})
    """
    marked = _MARKED.match(reference.strip())
    for kind, normalise in KINDS.items():
        if kind in ("doi", "arxiv") or marked:
            value = normalise(reference)
            if value:
                return {kind: value}
    return {}


def urls(ids: Mapping[str, str]) -> tuple[str, ...]:
    """The addresses that follow from identifiers alone: of arXiv, then of the DOI."""
    found = []
    if "arxiv" in ids:
        found.append(f"https://arxiv.org/abs/{ids['arxiv']}")
    if "doi" in ids:
        found.append(doi_url(ids["doi"]))
    return tuple(found)


def doi_url(value: str) -> str:
    """The address of a normalised DOI; characters that no IRI may hold are escaped."""
    return "https://doi.org/" + quote(value, safe="/:;()._-~!*'@&=+$,")
