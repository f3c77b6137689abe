"""One JSON object a paper: what ``kg extract`` prints, and what a build reads back to the same graph."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kg import build
from kg.build import Options, Progress, Report, silent
from kg.model import Paper, Reading
from kg.reading import lines
from kg.store import Store, writing


def line(paper: Paper, reading: Reading) -> dict[str, Any]:
    """A paper and what was read from it, as plain values for JSON; the origin that gave ``id`` comes first."""
    origins = sorted(paper.origins, key=lambda o: (o.key != paper.id, o))
    return {
        "id": paper.id,
        "iri": paper.iri,
        "ids": dict(paper.ids),
        "title": paper.title,
        "abstract": paper.abstract,
        "authors": [{"name": a.name, **({"orcid": a.orcid} if a.orcid else {})} for a in paper.authors],
        "n_authors": paper.n_authors,
        "more_authors": paper.more_authors,
        "date": paper.date,
        "date_kind": paper.date_kind,
        "urls": list(paper.urls),
        "categories": list(paper.categories),
        "comments": paper.comments,
        "sources": [{"source": o.source, "file": o.file, "key": o.key} for o in origins],
        "replaces": list(paper.replaces),
        **lines.to_json(reading),
    }


def extract(
    locations: Sequence[str], *, options: Options, report: Report | None = None, progress: Progress = silent
) -> Iterator[dict[str, Any]]:
    """Read the locations' papers, one line each, in the order in which they come.

    The records lie in a temporary file meanwhile, so that memory stays flat and the records of one paper meet.
    """
    report = report if report is not None else Report()
    with tempfile.TemporaryDirectory(prefix="paperkg-") as name:
        folder = Path(name)
        with writing(folder), Store(folder, write=True) as store:
            run = store.start_run("extract")
            build.read_records(store, locations, run=run, options=options, report=report, progress=progress)
            build.group_records(store, report=report, progress=progress)
            report.merged = store.records.count() - sum(store.papers.counts().values())
            for paper, reading in build.readings(store, report=report, options=options, progress=progress):
                yield line(paper, reading)
