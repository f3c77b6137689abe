"""What the command line does, as Python calls: ``kg.open(folder)`` gives a ``Graph``."""

import builtins
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kg import build as building
from kg import registry
from kg import sources as reading
from kg.build import Options, Progress, Report, silent
from kg.errors import KgError, NotFoundError
from kg.schema import BASE
from kg.store import Store, writing

if TYPE_CHECKING:
    from networkx import MultiDiGraph

    from kg.engines import Engine
    from kg.engines.neo4j import Connection, LoadReport
    from kg.exports import FolderExport
    from kg.questions import Answer
    from kg.validate import Violation

DEFAULT_FOLDER = "graph"
TIMEOUT = 60.0  # seconds a query may take unless told otherwise


def open(folder: str | os.PathLike[str] | None = None, *, base: str | None = None) -> "Graph":
    """The graph in this folder (default: ``$KG_GRAPH``, else ``./graph``); it need not exist before it is built.

    ``base`` is the start of every IRI of a new graph; an existing graph keeps its own.
    """
    return Graph(Path(folder or os.environ.get("KG_GRAPH") or DEFAULT_FOLDER), base=base)


def extract(
    sources: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    *,
    source: str | None = None,
    year: int | None = None,
    strict: bool = False,
    fast: bool = False,
    processes: int | None = None,
    report: Report | None = None,
    progress: Progress = silent,
) -> Iterator[dict[str, Any]]:
    """What ``kg extract`` prints: one plain object a paper, as ``schemas/paper.schema.json`` describes it."""
    from kg import extraction

    options = Options(source=source, year=year, strict=strict, fast=fast, processes=_processes(processes))
    yield from extraction.extract(_listed(sources), options=options, report=report, progress=progress)


class Graph:
    """A graph in a folder. Reading calls open it for themselves; a writing call holds the folder's lock."""

    def __init__(self, folder: Path, *, base: str | None = None) -> None:
        self.folder = folder
        self._base = base
        self._engine: tuple[tuple[str, Path | Connection], Engine] | None = None

    def __enter__(self) -> "Graph":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the query engine."""
        if self._engine:
            self._engine[1].close()
            self._engine = None

    def build(
        self,
        sources: str | os.PathLike[str] | Sequence[str | os.PathLike[str]] = (),
        *,
        source: str | None = None,
        year: int | None = None,
        strict: bool = False,
        sync: bool = False,
        fast: bool | None = None,
        processes: int | None = None,
        progress: Progress = silent,
    ) -> Report:
        """Read sources into the graph; only what is new or changed is done. Without sources: finish and refresh.

        ``source`` forces a format, ``year`` dates what has no year, ``strict`` stops at the first bad record, ``sync``
        drops what these sources held before and hold no longer, ``fast`` reads with the lighter network or, if False,
        no longer with it. Raises SourceError, BusyError, StoreError.
        """
        options = Options(
            source=source, year=year, strict=strict, sync=sync, fast=fast, processes=_processes(processes)
        )
        locations = _listed(sources)
        reading.check(locations)
        with self._writable(create=bool(locations)) as store:
            return building.build(store, locations, options=options, progress=progress)

    def remove(
        self, papers: str | Iterable[str] = (), *, source: str | None = None, progress: Progress = silent
    ) -> Report:
        """Remove papers (IRI, key, DOI, arXiv id or title) or all records of a source, with all that came of them."""
        report = Report()
        with self._writable(create=False) as store:
            numbers = [n for paper in _listed(papers) for n in store.records.of_paper(_paper(store, paper))]
            if source is not None:
                numbers += _records_of(store, source)
            run = store.start_run("remove")
            with store.transaction():
                report.removed = store.records.remove(dict.fromkeys(numbers))
            building.complete(store, report=report, progress=progress)
            store.end_run(run, report.to_dict())
        return report

    def ask(
        self,
        question: str,
        *,
        min_confidence: float = 0.0,
        timeout: float | None = TIMEOUT,
        engine: str = "sparql",
        connection: "Connection | None" = None,
    ) -> "Answer":
        """The answer to a question in English, each row with its evidence. Raises QueryError if not understood.

        ``engine`` and ``connection`` are those of ``engine()``.
        """
        from kg.questions.ask import ask

        with self._readable() as store:
            opened = self.engine(store, engine, connection)
            answer = ask(question, engine=opened, lookup=store.lookup, min_confidence=min_confidence, timeout=timeout)
            return _checked(answer, opened)

    def query(
        self,
        query: str,
        parameters: Mapping[str, str] | None = None,
        *,
        min_confidence: float | None = None,
        timeout: float | None = TIMEOUT,
        engine: str = "sparql",
        connection: "Connection | None" = None,
    ) -> "Answer":
        """The rows of a saved question by its name, or of a text in the engine's language (anything with a space).

        ``engine`` and ``connection`` are those of ``engine()``.
        """
        from kg import questions

        run = questions.run_text if any(c.isspace() for c in query.strip()) else questions.run
        with self._readable() as store:
            opened = self.engine(store, engine, connection)
            answer = run(
                query,
                parameters or {},
                engine=opened,
                lookup=store.lookup,
                min_confidence=min_confidence,
                timeout=timeout,
            )
            return _checked(answer, opened)

    def show(self, reference: str) -> dict[str, Any]:
        """All that is known of a paper, a concept or an author. Raises NotFoundError with the nearest names."""
        from kg.show import show

        with self._readable() as store:
            return show(store, reference)

    def stats(self) -> dict[str, Any]:
        """How much of everything the graph holds, and where it came from."""
        from kg.show import stats

        with self._readable() as store:
            return stats(store)

    def export(self, format: str, target: str | os.PathLike[str] | BinaryIO) -> None:
        """Write the graph in a format of ``kg.exports``: to a file or an open binary file, or to a folder.

        Raises KgError for a format that is not known, and if the target is none for that format.
        """
        from kg.exports import EXPORTS, FOLDER_EXPORTS

        write = registry.load({**EXPORTS, **FOLDER_EXPORTS}, format, "export format")
        with self._readable() as store, store.snapshot():
            if format in FOLDER_EXPORTS:
                _export_folder(write, store, target, format)
            elif hasattr(target, "write"):
                write(_blocks(store), target, base=store.get("base"))
            else:
                with _opened(target) as file:
                    write(_blocks(store), file, base=store.get("base"))

    def load_neo4j(
        self, connection: "Connection | None" = None, *, prune: bool = False, progress: Progress = silent
    ) -> "LoadReport":
        """Bring a Neo4j database up to this graph: only what has changed is sent, only this graph's nodes are touched.

        ``connection`` is made by ``kg.engines.neo4j.connection`` (default: what ``NEO4J_URI``, ``NEO4J_USERNAME``,
        ``NEO4J_DATABASE`` and ``NEO4J_PASSWORD`` say). ``prune`` also removes what the graph no longer holds. Raises
        EngineError if the server does not answer or refuses. Needs ``paperkg[neo4j]``.
        """
        from kg import graph
        from kg.engines import neo4j

        with self._readable() as store, store.snapshot():
            base = self._current(store)
            with neo4j.Neo4jEngine(connection or neo4j.connection()) as engine:
                return engine.load(
                    store.blocks.all(),
                    lambda iris: (block for _, block in graph.blocks_of(store, iris) if block),
                    graph=building.graph_id(base),
                    base=base,
                    prune=prune,
                    progress=lambda done, total: progress("neo4j", done, total),
                )

    def to_networkx(self) -> "MultiDiGraph[str]":
        """The graph in memory, as networkx knows it: nodes by local IRI, edges by type."""
        from kg.exports.networks import to_networkx

        with self._readable() as store, store.snapshot():
            return to_networkx(_blocks(store))

    def validate(self) -> Iterator["Violation"]:
        """What in the graph breaks the SHACL shapes; nothing, if all is well. Needs ``paperkg[validate]``."""
        from kg.validate import validate_graph

        with self._readable() as store, store.snapshot():
            yield from validate_graph(_blocks(store), store.get("base"))

    def runs(self) -> list[dict[str, Any]]:
        """All builds: when they ran, and their reports."""
        with self._readable() as store:
            return store.runs()

    def engine(self, store: Store, name: str = "sparql", connection: "Connection | None" = None) -> "Engine":
        """An engine of ``kg.engines.ENGINES`` on the projection that holds now, or on a Neo4j database.

        ``connection`` says where the database is, as for ``load_neo4j``. "cypher" is Cypher without a server: its first
        query after a build writes the projection; it needs ``paperkg[cypher]``.
        """
        from kg.engines import ENGINES, neo4j

        make = registry.load(ENGINES, name, "engine")
        where = (connection or neo4j.connection()) if name == "neo4j" else self._projection(store, name)
        if self._engine and self._engine[0] != (name, where):
            self.close()
        if not self._engine:
            self._engine = (name, where), make(where, base=store.get("base"))
        return self._engine[1]

    def _projection(self, store: Store, engine: str) -> Path:
        from kg import projection

        place = projection.cypher_file(store) if engine == "cypher" else projection.location(store)
        if place is None or not place.exists():
            raise KgError(f"{self.folder} is not built to its end: run `kg build --graph {self.folder}`")
        return place

    def _current(self, store: Store) -> str:
        """The base of a graph whose blocks all have their hash of now; raises KgError if some have not."""
        from kg import projection

        if not projection.is_current(store):
            raise KgError(f"{self.folder} is not built to its end: run `kg build --graph {self.folder}`")
        return str(store.get("base"))

    @contextmanager
    def _writable(self, *, create: bool = True) -> Iterator[Store]:
        if not create:
            Store(self.folder).close()
        with writing(self.folder), Store(self.folder, write=True) as store:
            base = store.get("base")
            if base is None:
                store.set("base", _checked_base(self._base or BASE))
            elif self._base not in (None, base):
                raise KgError(f"{self.folder} has the base {base}, not {self._base}; a graph's IRIs never change")
            yield store

    @contextmanager
    def _readable(self) -> Iterator[Store]:
        with Store(self.folder) as store:
            yield store


def _checked(answer: "Answer", engine: "Engine") -> "Answer":
    """The answer; EngineError if it is empty because this graph was never loaded into the database that was asked."""
    from kg.engines.neo4j import Neo4jEngine

    if answer.name and not answer.rows and isinstance(engine, Neo4jEngine):
        engine.check_loaded()
    return answer


def _opened(target: Any) -> BinaryIO:
    try:
        return builtins.open(target, "wb")
    except OSError as error:
        raise KgError(f"{target} cannot be written: {error.strerror}") from error


def _checked_base(base: str) -> str:
    from kg import rdf

    if not base.endswith(("/", "#")):
        raise KgError(f"{base!r} cannot start IRIs: end it in / or #")
    rdf.check_iri(base)
    return base


def _blocks(store: Store) -> Iterator[Any]:
    from kg import graph

    return graph.blocks(store)


def _export_folder(write: "FolderExport", store: Store, target: Any, format: str) -> None:
    from kg import graph

    if hasattr(target, "write"):
        raise KgError(f"{format} is a folder of files: name a folder to write to (-o)")
    base = store.get("base")
    write(_blocks(store), Path(target), base=base, graph=building.graph_id(base), hash_of=graph.block_hash)


def _paper(store: Store, reference: str) -> str:
    hits = store.lookup.find_papers(reference)
    if not hits:
        raise NotFoundError(f"no paper {reference!r}; name it by its key, IRI, DOI, arXiv id or exact title")
    if len(hits) > 1:
        raise NotFoundError(f"{reference!r} is {len(hits)} papers: name one of {', '.join(h.iri for h in hits)}")
    return hits[0].iri


def _records_of(store: Store, source: str) -> list[int]:
    """The records of a source: named by its format, its location, a folder of it, or its file's name."""
    known = store.records.sources()
    path = Path(os.path.abspath(source)).as_posix()
    numbers = [
        number
        for kind, location, _ in known
        if source in (kind, location, location.split("!")[0].rsplit("/", 1)[-1], location.rsplit("/", 1)[-1])
        or f"{location}/".startswith((f"{path}/", f"{path}!"))
        for number in store.records.at(location)
    ]
    if not numbers:
        names = sorted({name for kind, location, _ in known for name in (kind, location)})
        raise NotFoundError(f"no source {source!r} in this graph; it was built from {', '.join(names) or 'nothing'}")
    return numbers


def _listed(items: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[str]:
    return [os.fspath(i) for i in ([items] if isinstance(items, str | os.PathLike) else items)]


def _processes(processes: int | None) -> int:
    return (
        processes
        if processes is not None
        else max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    )
