"""Sources to graph: records, papers, readings, concepts, blocks. Only what is new or changed is done again.

Every stage commits as it goes and takes up what an earlier build, killed at any moment, left in the queue.
"""

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from kg import sources
from kg.batches import batched
from kg.errors import RecordError
from kg.identity import local_iri
from kg.linking import concepts, papers, people
from kg.model import Paper, Reading, Record
from kg.projection import project
from kg.store import Store
from kg.store.records import from_json, to_json

Progress = Callable[[str, int, int], None]

BATCH = 1000  # records or papers a transaction
READER = "reader variant"  # the store's note of the network that its papers are read with
NAMES = 4000  # concepts or authors a transaction: each ends in a merge of the index of words
ERRORS_KEPT = 1000  # bad records that a report lists one by one; all are counted


@dataclass
class Report:
    """What a build did. Every record that was read is in exactly one of new, changed, same, repeated or skipped."""

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    repeated: int = 0
    skipped: int = 0
    removed: int = 0
    kept_for_errors: int = 0
    errors: list[str] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)
    papers: Counter[str] = field(default_factory=Counter)
    merged: int = 0
    papers_read: int = 0
    entities: int = 0
    described: int = 0
    results: int = 0
    quantities: int = 0
    blocks: int = 0
    totals: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            **self.__dict__,
            "broken": sorted(self.broken),
            "papers": dict(self.papers),
            "reasons": dict(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class Options:
    """How a build reads: ``source`` forces a format, ``year`` dates without one, ``processes`` share the reading.

    ``fast`` reads with the lighter network; None as the graph was read before.
    """

    source: str | None = None
    year: int | None = None
    strict: bool = False
    sync: bool = False
    processes: int = 1
    fast: bool | None = None


def silent(stage: str, done: int, total: int) -> None:
    """A progress callback that shows nothing."""


def build(store: Store, locations: Sequence[str], *, options: Options, progress: Progress = silent) -> Report:
    """Read the locations into an open, writable store and bring everything that follows from it up to date."""
    report = Report()
    if options.fast is not None:
        store.set(READER, "fast" if options.fast else "default")
    run = store.start_run(f"build {' '.join(locations)}".strip())
    read_records(store, locations, run=run, options=options, report=report, progress=progress)
    if options.sync:
        drop_missing(store, locations, run=run, report=report)
    complete(store, report=report, processes=options.processes, progress=progress)
    store.end_run(run, report.to_dict())
    return report


def complete(store: Store, *, report: Report, processes: int = 1, progress: Progress = silent) -> None:
    """Everything after the records: group, read, link, gather, project."""
    _regroup_all(store)
    group_records(store, report=report, progress=progress)
    read_papers(store, report=report, processes=processes, progress=progress)
    link_papers(store, progress=progress)
    gather_names(store, progress=progress)
    report.blocks = project(store, progress=progress)
    report.merged = store.records.count() - sum(store.papers.counts().values())
    report.totals = totals(store)


def totals(store: Store) -> dict[str, int]:
    """What the whole graph holds."""
    statuses = store.papers.counts()
    return {
        "records": store.records.count(),
        "papers": sum(statuses.values()),
        **{f"papers {status}": n for status, n in sorted(statuses.items()) if status not in ("", "ok")},
        **{f"{label} nodes": n for label, n in sorted(store.names.count().items())},
        "blocks": store.blocks.count(),
    }


def read_records(
    store: Store, locations: Sequence[str], *, run: int, options: Options, report: Report, progress: Progress = silent
) -> None:
    """Store the records of the locations; a bad one is reported, counted and skipped, or raised if strict."""
    total = sources.total_bytes(locations) or 0
    bytes_read = 0

    def on_bytes(count: int) -> None:
        nonlocal bytes_read
        bytes_read += count
        progress("records", bytes_read, total)

    found = sources.read_records(locations, source=options.source, year=options.year, on_bytes=on_bytes)
    with store.transaction() if options.strict else nullcontext():  # strict: all of it or nothing
        for batch in batched(found, BATCH):
            with store.transaction():
                for item in batch:
                    if isinstance(item, RecordError):
                        _note_error(item, report, strict=options.strict)
                    else:
                        _put(store, item, run=run, report=report)


def _note_error(error: RecordError, report: Report, *, strict: bool) -> None:
    if strict:
        raise error
    report.skipped += 1
    report.broken.add(error.location)
    report.reasons[error.reason.split(":")[0]] += 1
    if len(report.errors) < ERRORS_KEPT:
        report.errors.append(str(error))


def _put(store: Store, record: Record, *, run: int, report: Report) -> None:
    report.read += 1
    data = to_json(record)
    digest = hashlib.sha256(data.encode()).hexdigest()[:32]
    there = store.records.find(record)
    if there is None:
        store.records.add(record, data, digest, run, papers.keys(record))
        report.new += 1
        return
    number, old_digest, last_run, old_data = there
    if last_run == run:  # the same key twice in one reading: content decides, not which came last
        report.repeated += 1
        if digest == old_digest or papers.richness(record) <= papers.richness(from_json(old_data)):
            return
        store.records.replace(number, record, data, digest, run, papers.keys(record))
    elif digest == old_digest:
        store.records.seen(number, run)
        report.same += 1
    else:
        store.records.replace(number, record, data, digest, run, papers.keys(record))
        report.changed += 1


def drop_missing(store: Store, locations: Sequence[str], *, run: int, report: Report) -> None:
    """Forget the records that the locations once held and hold no longer; a file with errors loses none."""
    covered = sources.covers(locations)
    for location, count in store.records.not_read_in(run):
        if covered(location.split("!")[0]):
            if location in report.broken or location.split("!")[0] in report.broken:
                report.kept_for_errors += count
                continue
            for batch in batched(store.records.old_at(location, run), BATCH):
                with store.transaction():
                    report.removed += store.records.remove(batch)


def group_records(store: Store, *, report: Report, progress: Progress = silent) -> None:
    """Make the papers of all queued records anew, with every record that is connected to them."""
    total = store.queue.count("record")
    done = 0
    while queued := store.queue.take("record", BATCH):
        with store.transaction():
            handled: set[int] = set()
            for number in map(int, queued):
                if number not in handled:
                    handled |= _regroup(store, number, report)
            store.queue.done("record", {*queued, *map(str, handled)})
        done += len(queued)
        progress("papers", done, max(total, done))
    while queued := store.queue.take("paper", BATCH):
        with store.transaction():
            for iri in queued:
                if not store.records.of_paper(iri) and store.papers.get(iri):
                    store.papers.remove(iri)
                    report.papers["removed"] += 1
            store.queue.done("paper", queued)


def _regroup_all(store: Store) -> None:
    """After an upgrade that groups otherwise, every record is grouped anew."""
    code = papers.fingerprint()
    if store.get("grouping_code") != code:
        with store.transaction():
            if store.get("grouping_code") is not None:
                store.records.rekey(papers.keys)
            store.set("grouping_code", code)


def _regroup(store: Store, number: int, report: Report) -> set[int]:
    connected = store.records.connected(number)
    records = {n: record for n, (record, _) in connected.items()}
    assigned: dict[int, str] = {}
    for members in papers.group(records):
        paper = papers.merge(records[n] for n in members)
        assigned.update(dict.fromkeys(members, paper.iri))
        report.papers[store.papers.put(paper, people.authorships(paper))] += 1
    store.queue.add("paper", *{iri for _, iri in connected.values() if iri} - set(assigned.values()))
    store.records.assign(assigned)
    return set(records)


def read_papers(store: Store, *, report: Report, processes: int = 1, progress: Progress = silent) -> None:
    """Read every paper whose text, or whose reader, is not the one it was read with."""
    from kg import reading

    variant = store.get(READER) or "default"
    reader = reading.fingerprint(variant)
    total = store.papers.count_to_read(reader)
    for batch in batched(_readings(store.papers.to_read(reader), total, processes, variant), 200):
        store_readings(store, batch, reader)
        for _, found in batch:
            _count(report, found)
        progress("reading", report.papers_read, total)


def store_readings(store: Store, readings: Iterable[tuple[str, Reading]], reader: str) -> None:
    """Store what was read from papers, and what it is linked to, in one transaction."""
    linker = concepts.fingerprint()
    with store.transaction():
        for iri, found in readings:
            store.papers.set_reading(iri, found, reader, concepts.usages(found), linker)


def readings(
    store: Store, *, report: Report, options: Options, progress: Progress = silent
) -> Iterator[tuple[Paper, Reading]]:
    """Read every paper in the order in which its first record came, without storing what was read."""
    variant = "fast" if options.fast else "default"
    total = sum(store.papers.counts().values())
    for iri, found in _readings(store.papers.as_they_came(), total, options.processes, variant):
        _count(report, found)
        progress("reading", report.papers_read, total)
        paper = store.papers.get(iri)
        if paper:
            yield paper[0], found


def _readings(
    rows: Iterable[tuple[str, str, str]], total: int, processes: int, variant: str
) -> Iterator[tuple[str, Reading]]:
    from kg import reading  # spaCy is behind it: nothing to read, nothing to load

    if total:
        iris: deque[str] = deque()
        with reading.Reader(processes=max(1, min(processes, total // 20)), variant=variant) as pipeline:
            for found in pipeline.read(_texts(rows, iris)):
                yield iris.popleft(), found


def _texts(rows: Iterable[tuple[str, str, str]], iris: deque[str]) -> Iterator[tuple[str, str]]:
    for iri, title, abstract in rows:
        iris.append(iri)
        yield title, abstract


def _count(report: Report, found: Reading) -> None:
    report.papers_read += 1
    report.entities += len(found.entities)
    report.described += sum(not e.named for e in found.entities)
    report.results += len(found.results)
    report.quantities += len(found.quantities)
    if found.status != "ok":
        report.papers[found.status] += 1


def link_papers(store: Store, *, progress: Progress = silent) -> None:
    """Link every reading that was not linked by the linker of now."""
    linker = concepts.fingerprint()
    total = store.papers.count_to_link(linker)
    done = 0
    for batch in batched(store.papers.to_link(linker), BATCH):
        with store.transaction():
            for iri, found in batch:
                store.papers.set_usages(iri, concepts.usages(found), linker)
        done += len(batch)
        progress("linking", done, total)


def gather_names(store: Store, *, progress: Progress = silent) -> None:
    """Make every stale concept and author anew from all papers that have it."""
    total = store.queue.count("concept") + store.queue.count("author")
    done = 0
    while stale := store.queue.take("concept", NAMES):
        with store.transaction():
            store.names.put_concepts([concepts.gather(*rows) for rows in store.names.usages_of(stale)])
            store.queue.done("concept", stale)
        progress("names", done := done + len(stale), total)
    while stale := store.queue.take("author", NAMES):
        with store.transaction():
            store.names.put_authors([people.gather(*rows) for rows in store.names.authorships_of(stale)])
            store.queue.done("author", stale)
        progress("names", done := done + len(stale), total)


def graph_id(base: str) -> str:
    """The id by which a graph's nodes are told from other people's in a shared database."""
    return local_iri("G", "graph", base)
