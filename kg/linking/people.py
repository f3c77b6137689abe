"""Which author a name is: the ORCID where one is given, else the folded full name."""

from collections import Counter
from collections.abc import Iterable

from kg.identity import fold_person, local_iri
from kg.model import Paper
from kg.store.names import Person
from kg.store.papers import Authorship


def authorships(paper: Paper) -> list[Authorship]:
    """The authors of a paper; positions count from 1."""
    return [Authorship(_iri(a.name, a.orcid), n, a.name, a.orcid) for n, a in enumerate(paper.authors, 1)]


def gather(iri: str, papers: Iterable[tuple[str, str, str | None]]) -> tuple[str, Person | None]:
    """The author as all papers have them, from (paper, name, ORCID) of each authorship."""
    rows = list(papers)
    if not rows:
        return iri, None
    names = Counter(name for _, name, _ in rows)
    best = min(names, key=lambda name: (-names[name], -len(name), name))
    orcid = next((orcid for _, _, orcid in rows if orcid), None)
    return iri, Person(iri, best, tuple(sorted(set(names) - {best})), orcid, len({paper for paper, _, _ in rows}))


def _iri(name: str, orcid: str | None) -> str:
    return (
        local_iri("A", "author", "orcid", orcid)
        if orcid
        else local_iri("A", "author", "name", fold_person(name) or name)
    )
