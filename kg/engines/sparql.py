"""The SPARQL engine: a projection of the blocks into pyoxigraph, and queries on it that can be stopped.

A projection is a folder, and once published it is never written again: ``rebuild`` makes a new folder from the whole
stream, ``apply`` makes one from another folder and the blocks that differ. The caller then publishes the new folder's
name; whoever still reads the old one is not disturbed. This module and ``sparql_worker.py``, the process that runs the
queries, are the only doors to pyoxigraph.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import pyoxigraph as ox

from kg import rdf
from kg.engines import Cell, Iri, Rows
from kg.engines.sparql_worker import read_frame, write_frame
from kg.errors import EngineError, KgError, QueryError, QueryTimeoutError
from kg.model import Block, Scalar
from kg.schema import EDGES, ONTOLOGY, PREFIXES

TRIPLES_A_LOAD = 200_000  # the loader holds this many in memory; more is hardly faster
_N_TRIPLES = ox.RdfFormat.N_TRIPLES
_OWNED = tuple(ox.NamedNode(rdf.expand(kind.term)) for kind in EDGES.values() if kind.owned)
_FROM = ox.NamedNode(ONTOLOGY + "from")
_REPLACED = ox.NamedNode(rdf.expand("dcterms:isReplacedBy"))
_DOUBLE = ox.NamedNode(PREFIXES["xsd"] + "double")
_WORKER = Path(__file__).with_name("sparql_worker.py")
_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"}
_TOKEN = re.compile(
    r"""
    "{3}(?:[^"\\]|\\.|"(?!""))*"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
    | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'
    | <[^<>"{}|^`\\\x00-\x20]*> | \#[^\n\r]* | @[A-Za-z-]+
    | [\w.-]*:[\w.:%\\-]*  # a prefixed name: none of its parts is a keyword
    | [?$](?P<variable>\w+)
    | (?P<word>[A-Za-z]\w*)
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_CHARACTER_CLASS = re.compile(r"(?:, )?\[(?:'(?:\\.[^']*|.)'|[^\]'])*\]", re.DOTALL)

_SENTENCE = re.compile(r"\b[A-Z][a-z]* [^,]*[a-z][^,]*")


def rebuild(folder: Path, blocks: Iterable[Block], base: str) -> int:
    """Writes a new projection of all ``blocks`` into ``folder``, which must not exist; returns how many triples.

    Raises EngineError if it cannot be written; nothing is left of it then.
    """
    count = 0
    with _writing(folder) as store:
        for lines in _batches((rdf.triples(block, base) for block in blocks), TRIPLES_A_LOAD):
            store.bulk_load(input=_document(lines), format=_N_TRIPLES, lenient=True)
            count += len(lines)
        store.optimize()
    return count


def apply(source: Path, target: Path, changed: Iterable[Block], removed: Iterable[str], base: str) -> int:
    """Writes into ``target``, which must not exist, the projection in ``source`` with some blocks changed.

    ``changed`` are blocks as they are now (new ones too), ``removed`` the local IRIs of blocks that are no more.
    Returns by how many triples it grew (below 0: shrank). Raises EngineError if it cannot be written.
    """
    with _writing(target, copy_of=source) as store, tempfile.TemporaryFile() as added:
        growth = sum(_replace(store, base + local, [], added) for local in removed)
        growth += sum(_replace(store, base + block.iri, rdf.triples(block, base), added) for block in changed)
        # A subject may have moved from one block to another: what is new goes in when all that is old has gone.
        added.seek(0)
        for lines in _batches(([line.decode().rstrip("\n")] for line in added), TRIPLES_A_LOAD):
            store.load(input=_document(lines), format=_N_TRIPLES, lenient=True)
    return growth


@contextmanager
def _writing(folder: Path, *, copy_of: Path | None = None) -> Iterator[ox.Store]:
    """A store in a new folder, all on disk at the end; without the folder if anything goes wrong."""
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True)
            stack.callback(shutil.rmtree, folder, ignore_errors=True)
            if copy_of is not None:
                _copy(copy_of, folder)
            store = _store(folder)
            yield store
            store.flush()
        except (OSError, SyntaxError) as error:
            raise EngineError(f"{folder}: the SPARQL projection could not be written: {error}") from error
        stack.pop_all()


def _store(folder: Path) -> ox.Store:
    try:
        return ox.Store(str(folder))
    except RuntimeError as error:  # what the engine says of files that are damaged or missing
        raise EngineError(f"{folder}: the SPARQL projection is damaged: {error}; run `kg build`") from error


def _copy(source: Path, target: Path) -> None:
    """Copies a projection. Its tables never change and share their bytes; the few small files that may are copied."""
    for file in sorted(source.iterdir()):
        if file.suffix == ".sst":
            _link(file, target / file.name)
        elif not file.name.startswith(("LOCK", "LOG")):  # logs of each opening would pile up
            shutil.copyfile(file, target / file.name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)


def _batches(groups: Iterable[list[str]], size: int) -> Iterator[list[str]]:
    """Lists of at least ``size`` lines (the last may be shorter), groups kept whole."""
    batch: list[str] = []
    for lines in groups:
        batch += lines
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _document(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _replace(store: ox.Store, root: str, lines: list[str], added: IO[bytes]) -> int:
    """Removes what a block no longer says, and writes to ``added`` what it says for the first time; the difference."""
    old = {_line(quad): quad for quad in _owned(store, ox.NamedNode(root))}
    for line in old.keys() - set(lines):
        store.remove(old[line])
    if new := [line for line in lines if line not in old]:
        added.write(_document(new))
    return len(lines) - len(old)


def _owned(store: ox.Store, root: ox.NamedNode) -> Iterator[ox.Quad]:
    """Every triple of the block that ``root`` heads: those of the things it owns, of their statements, of old names."""
    subjects, at = [root], 0
    while at < len(subjects):
        for quad in store.quads_for_pattern(subjects[at], None, None):
            yield quad
            if quad.predicate in _OWNED:
                subjects.append(cast(ox.NamedNode, quad.object))
        for statement in store.quads_for_pattern(None, _FROM, subjects[at]):
            yield from store.quads_for_pattern(statement.subject, None, None)
        at += 1
    yield from store.quads_for_pattern(None, _REPLACED, root)


def _line(quad: ox.Quad) -> str:
    """The line of N-Triples that says this; the store keeps the value of a double, not how it was written."""
    value = quad.object
    if isinstance(value, ox.Literal) and value.datatype == _DOUBLE:
        return f"{quad.subject} {quad.predicate} {rdf.double(float(value.value))} ."
    return f"{quad.triple} ."


class SparqlEngine:
    """Read-only SPARQL 1.1 on a published projection. The queries run in a process of their own, one at a time.

    Prefixes of the schema, and the empty one for the graph's own things, are known without declaration. A query may
    not call other servers (SERVICE). Can be used from several threads, and as a context manager.
    """

    language = "sparql"

    def __init__(self, folder: Path, *, base: str) -> None:
        self.folder = folder
        self.base = base
        self.prefixes = {**PREFIXES, "": base}
        self._lock = threading.Lock()
        self._worker: _Worker | None = None

    def __enter__(self) -> "SparqlEngine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def query(self, text: str, *, parameters: Mapping[str, Scalar] | None = None, timeout: float | None = None) -> Rows:
        """The answer to one query; ``parameters`` stand for its ``$name``, ``timeout`` is in seconds.

        ASK gives one row with the column "answer"; CONSTRUCT and DESCRIBE give subject, predicate and object. Raises
        QueryError with the place of a mistake, QueryTimeoutError for a query that was stopped at its time limit, and
        EngineError if the projection cannot be read.
        """
        query = _checked(text, parameters or {})
        with self._lock:
            answer = self._ask(query, timeout)
        if answer.failure:
            raise self._error(text, *answer.failure)
        return Rows(answer.columns, answer.rows)

    def close(self) -> None:
        """Ends the process; a later query starts another."""
        if self._worker is not None:
            self._worker.stop()
            self._worker = None

    def _ask(self, query: str, timeout: float | None) -> "_Answer":
        if self._worker is None or not self._worker.runs():
            self.close()
            self._worker = _Worker(self.folder)
        worker, answer = self._worker, None
        timer = threading.Timer(timeout or 0, worker.expire)
        if timeout is not None:
            timer.start()
        try:
            answer = worker.ask(query, self.prefixes)
        finally:
            timer.cancel()
            if answer is None or worker.expired:  # the rest of this answer must not meet the next question
                self.close()
        if answer is None and worker.expired:
            raise QueryTimeoutError(
                f"the query was stopped at its time limit of {timeout:g} s: ask for less, or allow more"
            )
        if answer is None:
            raise EngineError(f"{self.folder}: the process that runs the queries ended: {worker.last_words}")
        return answer

    def _error(self, text: str, kind: str, message: str) -> QueryError | EngineError:
        if kind == "error":
            return EngineError(f"{self.folder}: {message}")
        return QueryError(_syntax(text, message, [prefix for prefix in self.prefixes if prefix]))


class _Answer(NamedTuple):
    """What came back for one query; ``failure`` is ("syntax" or "error", message), or empty."""

    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    failure: tuple[str, ...]


class _Worker:
    """The process that runs queries on one folder, and the pipes to it."""

    def __init__(self, folder: Path) -> None:
        self.expired = False
        self.last_words = ""
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (closed by stop)
        command = [sys.executable, "-P", str(_WORKER), str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._stderr)
        message = self._read()
        if message != ("ready",):
            self.stop()
            reason = message[1] if message else self.last_words
            raise EngineError(f"{folder}: the SPARQL projection cannot be opened: {reason}")

    def runs(self) -> bool:
        return self._process.poll() is None

    def ask(self, query: str, prefixes: dict[str, str]) -> _Answer | None:
        """The answer to a query; None if the process ended before it was complete."""
        columns: tuple[str, ...] = ()
        rows: list[tuple[Cell, ...]] = []
        with suppress(BrokenPipeError):
            write_frame(self._pipe(self._process.stdin), (query, prefixes))
        while message := self._read():
            kind, *rest = message
            if kind == "columns":
                columns = rest[0]
            elif kind == "rows":
                rows.extend(tuple(map(_cell, row)) for row in rest[0])
            else:
                return _Answer(columns, rows, () if kind == "end" else message)
        return None

    def expire(self) -> None:
        """Stops the query at its time limit."""
        self.expired = True
        self._process.kill()

    def stop(self) -> None:
        """Ends the process, lets go of its pipes and keeps what it said last."""
        self._process.kill()
        code = self._process.wait()
        self._stderr.seek(0)
        lines = self._stderr.read().decode(errors="replace").split("\n")
        self.last_words = " ".join(filter(None, (f"exit code {code}", *lines[-3:])))
        for stream in (self._process.stdin, self._process.stdout, self._stderr):
            with suppress(BrokenPipeError):
                self._pipe(stream).close()

    def _read(self) -> tuple[Any, ...] | None:
        return read_frame(self._pipe(self._process.stdout))

    @staticmethod
    def _pipe(stream: IO[bytes] | None) -> Any:
        return stream


def _cell(value: Any) -> Cell:
    return Iri(value.decode()) if type(value) is bytes else value


def _checked(text: str, parameters: Mapping[str, Scalar]) -> str:
    """The query with its parameters filled in; refuses what is not a query of this graph alone."""
    words = [(match["word"].upper(), match.start()) for match in _TOKEN.finditer(text) if match["word"]]
    for word, start in words:
        if word == "SERVICE":
            raise QueryError(
                f"line {_line_number(text, start)}: SERVICE is refused: a query may not call other servers"
            )
        if word == "FROM":
            raise QueryError(
                f"line {_line_number(text, start)}: FROM is refused: a query is asked of this graph alone, leave it out"
            )
    form = next((word for word, _ in words if word not in ("PREFIX", "BASE")), "")
    if form in _UPDATES:
        raise QueryError(f"{form} is refused: queries only read. Use SELECT, ASK, CONSTRUCT or DESCRIBE")
    return _TOKEN.sub(lambda match: _filled(match, parameters), text)


def _filled(match: re.Match[str], parameters: Mapping[str, Scalar]) -> str:
    name = match["variable"]
    if name not in parameters or match[0][0] == "?":
        return match[0]
    value = parameters[name]
    try:
        return f"<{rdf.check_iri(value)}>" if isinstance(value, Iri) else rdf.literal(value)
    except KgError as error:
        raise QueryError(f"parameter {name}: {error}") from error


def _line_number(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _syntax(text: str, message: str, prefixes: list[str]) -> str:
    """What is wrong with a query, where, and what would have been known."""
    place = _PLACE.fullmatch(message)
    if not place:
        return f"the query cannot be run: {message}"
    line, column = int(place[1]), int(place[2])
    if "Prefix not found" in message:
        reason = f"unknown prefix: known without declaration are {', '.join(prefixes)}"
    else:
        reason = _reason(place[3])
    lines = text.splitlines() or [""]
    return f"line {line}, column {column}: {reason}\n  {lines[min(line, len(lines)) - 1].strip()}"


def _reason(message: str) -> str:
    """The parser's message without its character classes; where it holds a sentence, that alone."""
    expected = _CHARACTER_CLASS.sub("", message).replace("expected one of , ", "expected one of ")
    sentence = _SENTENCE.search(expected)
    if sentence:
        return sentence[0]
    if expected == "expected CONSTRUCT":
        return "expected SELECT, ASK, CONSTRUCT or DESCRIBE"
    return expected if expected.split()[1:] else "this is not SPARQL"
