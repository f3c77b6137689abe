"""Everything the store knows of one thing, and how much of everything it holds."""

from collections import Counter
from typing import Any

from kg import graph
from kg.build import totals
from kg.errors import NotFoundError
from kg.extraction import line
from kg.model import Reading
from kg.schema import CONCEPTS, ROLES
from kg.store import Store


def show(store: Store, reference: str) -> dict[str, Any]:
    """A paper, concepts or authors by IRI, key, DOI, arXiv id, title or name."""
    local = reference.rsplit("/", 1)[-1]
    papers = store.lookup.find_papers(reference)
    concepts = [h.iri for h in store.lookup.find_concepts(reference, CONCEPTS)] or [local]
    authors = [h.iri for h in store.lookup.find_authors(reference)] or [local]
    things = [
        *(_paper(store, hit.iri) for hit in papers),
        *(found for iri in concepts if (found := _concept(store, iri))),
        *(found for iri in authors if (found := _author(store, iri))),
    ]
    if not things:
        near = store.lookup.suggest(reference, (*CONCEPTS, "Author"), 5)
        raise NotFoundError(f"nothing called {reference!r}" + (f"; nearest: {', '.join(near)}" if near else ""))
    return {"reference": reference, "found": things}


def stats(store: Store) -> dict[str, Any]:
    """Counts of the graph, of its sources, and of what was read."""
    with store.snapshot():
        return {
            **totals(store),
            "sources": [{"source": s, "location": at, "records": n} for s, at, n in store.records.sources()],
            **store.papers.content(),
            "base": store.get("base"),
            "waiting": {stage: store.queue.count(stage) for stage in ("record", "paper", "concept", "author", "block")},
        }


def _paper(store: Store, iri: str) -> dict[str, Any]:
    found = store.papers.get(iri)
    if not found:
        raise NotFoundError(f"no paper {iri}")
    paper, reading = found
    data = line(paper, reading or Reading("empty", "und"))
    data["url"], data["code_urls"] = graph.url_of(paper), list(graph.code_urls(paper))
    return {"kind": "Paper", **data}


def _concept(store: Store, iri: str) -> dict[str, Any] | None:
    concept = store.names.concept(iri)
    if not concept:
        return None
    papers = store.papers.with_concept(iri)
    return {
        "kind": concept.label,
        "iri": iri,
        "name": concept.name,
        "aliases": list(concept.aliases),
        "n_papers": concept.papers,
        "roles": {role: n for role, n in Counter(p["role"] for p in papers).items() if role in ROLES},
        "papers": papers,
    }


def _author(store: Store, iri: str) -> dict[str, Any] | None:
    author = store.names.author(iri)
    if not author:
        return None
    papers = store.papers.with_author(iri)
    return {
        "kind": "Author",
        "iri": iri,
        "name": author.name,
        "aliases": list(author.aliases),
        "orcid": author.orcid,
        "n_papers": author.papers,
        "papers": papers,
    }
