"""Neo4j: the graph written into a server's database, and read-only Cypher on it. The only door to the neo4j driver.

A load compares the hash of every block with the one that the database holds and sends those that differ, a group of
blocks a transaction. Whatever ends it, what was committed stays and the next load goes on from there. Only nodes that
carry the graph's id are ever touched.
"""

import json
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from kg import paths
from kg.engines import Cell, Iri, Rows
from kg.engines import neo4j_rows as rows_of
from kg.engines.cypher_text import refuse_files
from kg.errors import EngineError, QueryError, QueryTimeoutError
from kg.model import Block
from kg.schema import BASE

URI, USER = "neo4j://localhost:7687", "neo4j"
ROWS_A_TRANSACTION = 20_000  # more is hardly faster, and the server holds a transaction in its heap
PATIENCE = 60.0  # seconds for which a server that went away is waited for
LAST = "paper"  # the kind of block whose relationships end in blocks of the other kinds

Stamp = tuple[str, str, str]  # local IRI, kind and hash of a block
Progress = Callable[[int, int], None]
Fetch = Callable[[Sequence[str]], Iterable[Block]]

_PLACE = re.compile(r"\(line (\d+), column (\d+) \(offset: \d+\)\)\n(.*)\n(.*)", re.DOTALL)
_BOLT = re.compile(r"(bolt|neo4j)(\+s|\+ssc)?://[^/]")
_PLANNED = re.compile(r"\s*(EXPLAIN|PROFILE)\b", re.IGNORECASE)
_TIMED_OUT = "Neo.ClientError.Transaction.TransactionTimedOut"


@dataclass(frozen=True, slots=True)
class Connection:
    """Where a database is and who asks. ``database`` None is the user's home database."""

    uri: str = URI
    user: str = USER
    database: str | None = None
    password: str = field(default="", repr=False)


@dataclass(slots=True)
class LoadReport:
    """What a load did to the database; all counters are 0 when nothing had changed."""

    blocks: int = 0
    unchanged: int = 0
    removed: int = 0
    nodes_created: int = 0
    nodes_deleted: int = 0
    relationships_created: int = 0
    relationships_deleted: int = 0
    properties_set: int = 0
    labels_added: int = 0
    constraints_added: int = 0
    indexes_added: int = 0

    def to_dict(self) -> dict[str, int]:
        """As plain values for JSON."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def connection(
    *,
    uri: str | None = None,
    user: str | None = None,
    database: str | None = None,
    password_file: Path | None = None,
    ask: Callable[[str], str] | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Connection:
    """A connection from options, else ``NEO4J_URI``, ``NEO4J_USERNAME`` and ``NEO4J_DATABASE``.

    The password comes from the file, else ``NEO4J_PASSWORD``, else ``ask`` (which is given the words of a prompt).
    Raises EngineError if there is none, and for an address
    that is not one of Bolt.
    """
    where = _bolt(uri or environment.get("NEO4J_URI") or URI)
    who = user or environment.get("NEO4J_USERNAME") or USER
    password = _read_password(password_file) if password_file else environment.get("NEO4J_PASSWORD")
    if password is None and ask is not None:
        password = ask(f"Password of {who} at {where}")
    if not password:
        raise EngineError(f"no password for {who} at {where}: set NEO4J_PASSWORD or name a file that holds it")
    return Connection(where, who, database or environment.get("NEO4J_DATABASE") or None, password)


def _bolt(uri: str) -> str:
    if not _BOLT.match(uri):
        raise EngineError(f"{uri!r} is not the address of a Neo4j database: give one such as bolt://localhost:7687")
    return uri


def _read_password(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"the password file {file} cannot be read: {error}") from error


def schema_statements() -> list[str]:
    """The statements of ``schemas/neo4j.cypher``, without comments."""
    text = (paths.schemas() / "neo4j.cypher").read_text(encoding="utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.startswith("//"))
    return [statement.strip() for statement in code.split(";") if statement.strip()]


class Neo4jEngine:
    """One database of a Neo4j server. Can be used from several threads, and as a context manager.

    ``base`` starts the IRIs of the graph that saved questions are about.
    """

    language = "cypher"

    def __init__(self, connection: Connection, *, base: str = BASE, patience: float = PATIENCE) -> None:
        self.connection = connection
        self.base = base
        self._neo4j = _driver_package()
        with self._ours():
            self._driver = self._neo4j.GraphDatabase.driver(
                connection.uri,
                auth=(connection.user, connection.password),
                max_transaction_retry_time=patience,
                initial_retry_delay=0.5,
                retry_delay_multiplier=1.1,  # the driver's own doubles: after a minute it would not look for another
                notifications_min_severity="OFF",
                user_agent="paperkg",
            )

    def __enter__(self) -> "Neo4jEngine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes all connections."""
        self._driver.close()

    def query(self, text: str, *, parameters: Mapping[str, Any] | None = None, timeout: float | None = None) -> Rows:
        """The answer to one read-only query; ``parameters`` are its ``$name``, ``timeout`` is in seconds.

        A node that has an ``iri`` comes as that Iri; what is no single value otherwise comes as JSON. Raises QueryError
        with the place of a mistake or for an attempt to write, QueryTimeoutError for a query that the server stopped
        at its time limit, EngineError if the server does not answer.
        """
        refuse_files(text)
        given = dict(parameters or {})
        with self._ours(text, timeout), self._session("READ") as session:
            if not _PLANNED.match(text) and session.run(f"EXPLAIN\n{text}", given).consume().query_type not in (
                "r",
                None,
            ):
                raise QueryError(
                    "the query writes, and queries only read: change a database in cypher-shell or Neo4j Browser"
                )
            with session.begin_transaction(timeout=timeout) as transaction:
                result = transaction.run(text, given)
                return Rows(tuple(result.keys()), [tuple(map(self._cell, record.values())) for record in result])

    def check_loaded(self) -> None:
        """Raises EngineError if the database holds no paper of this graph."""
        text = "MATCH (n:Paper) WHERE n.iri STARTS WITH $base RETURN n.iri LIMIT 1"
        if not self.query(text, parameters={"base": self.base}).rows:
            raise EngineError(f"{self._place()} holds no paper of this graph: run `kg load neo4j` first")

    def load(
        self,
        stamps: Iterable[Stamp],
        fetch: Fetch,
        *,
        graph: str,
        base: str,
        prune: bool = False,
        progress: Progress | None = None,
        rows: int = ROWS_A_TRANSACTION,
    ) -> LoadReport:
        """Brings the database up to the blocks that ``stamps`` name; ``fetch`` gives blocks by local IRI, in order.

        ``graph`` is the graph's id and ``base`` what its IRIs start with. ``prune`` also removes what the database has
        of this graph and ``stamps`` do not name. ``progress`` is told how many blocks of how many are written; ``rows``
        bounds a transaction. Raises EngineError if the server stays away, or if an IRI belongs to someone else there.
        """
        report = LoadReport()
        with self._ours(), self._session("WRITE") as session, ThreadPoolExecutor(1) as sender:
            load = _Load(session, sender, graph, base, report)
            load.prepare()
            known = load.known()
            wanted = {base + local: (local, kind, digest) for local, kind, digest in stamps}
            changed = [stamp for iri, stamp in wanted.items() if known.get(iri, ("", ""))[1] != stamp[2]]
            changed.sort(key=lambda stamp: (stamp[1] == LAST, stamp[1], stamp[0]))
            report.unchanged = len(wanted) - len(changed)
            load.write(changed, fetch, known, rows, progress or _silent)
            if prune:
                load.prune({iri: label for iri, (label, _) in known.items() if iri not in wanted})
        return report

    def _session(self, mode: str) -> Any:
        return self._driver.session(database=self.connection.database, default_access_mode=mode)

    def _cell(self, value: Any) -> Cell:
        if value is None or isinstance(value, str | bool | int | float):
            return value
        if isinstance(value, self._neo4j.graph.Node) and isinstance(value.get("iri"), str):
            return Iri(value["iri"])
        return json.dumps(self._plain(value), ensure_ascii=False)

    def _plain(self, value: Any) -> Any:
        """What Cypher can return beyond single values, as JSON can hold it."""
        if isinstance(value, self._neo4j.graph.Node):
            return {"labels": sorted(value.labels), **self._plain(dict(value))}
        if isinstance(value, self._neo4j.graph.Relationship):
            ends = zip(("start", "end"), value.nodes, strict=True)  # only those known that the query returns besides
            known = {name: node.get("iri") or self._plain(node) for name, node in ends if node.labels}
            return {"type": value.type, **known, **self._plain(dict(value))}
        if isinstance(value, self._neo4j.graph.Path):
            return [self._plain(part) for part in _alternating(value.nodes, value.relationships)]
        if isinstance(value, list | tuple | set | frozenset):
            return [self._plain(item) for item in value]
        if isinstance(value, Mapping):
            return {str(key): self._plain(item) for key, item in value.items()}
        return value if value is None or isinstance(value, str | bool | int | float) else str(value)

    @contextmanager
    def _ours(self, text: str = "", timeout: float | None = None) -> Iterator[None]:
        """The driver's errors as those of this package."""
        errors = self._neo4j.exceptions
        try:
            yield
        except errors.AuthError as error:
            raise EngineError(
                f"{self._place()} refuses user {self.connection.user!r}: check the name and the password"
            ) from error
        except errors.ServiceUnavailable as error:
            raise EngineError(
                f"{self._place()} does not answer ({error}): start it or check the address; what a load had committed "
                "stays, and the next one goes on from there"
            ) from error
        except errors.Neo4jError as error:
            raise self._refusal(text, timeout, str(error.code), str(error.message)) from error
        except (errors.DriverError, ValueError) as error:
            raise EngineError(f"{self._place()} cannot be used: {error}") from error

    def _refusal(self, text: str, timeout: float | None, code: str, message: str) -> EngineError | QueryError:
        if code.startswith(_TIMED_OUT) and timeout is not None:
            return QueryTimeoutError(
                f"the query was stopped at its time limit of {timeout:g} s: ask for less, or allow more"
            )
        if text and code.startswith("Neo.ClientError"):
            return QueryError(_mistake(message))
        return EngineError(f"{self._place()} refused: {message} ({code})")

    def _place(self) -> str:
        database = f", database {self.connection.database}" if self.connection.database else ""
        return f"Neo4j at {self.connection.uri}{database}"


class _Load:
    """One load under way: the session, and the one thread that sends, so that rows are made while the server works."""

    def __init__(self, session: Any, sender: ThreadPoolExecutor, graph: str, base: str, report: LoadReport) -> None:
        self._session, self._sender, self._report = session, sender, report
        self._parameters = {"graph": graph, "base": base}

    def prepare(self) -> None:
        """Constraints and indexes, and they are online."""
        for statement in schema_statements():
            self._count(self._session.run(statement).consume().counters)
        self._session.run("CALL db.awaitIndexes(600)").consume()

    def known(self) -> dict[str, tuple[str, str]]:
        """Label and hash of every block that the database has of this graph, by full IRI ("": not whole)."""
        known = {}
        for label in rows_of.ROOTS:
            text = f"MATCH (root:{label}) WHERE root.graph = $graph RETURN root.iri, coalesce(root.hash, '')"
            for iri, digest in self._session.run(text, self._parameters):
                known[iri] = (label, digest)
        return known

    def write(
        self,
        changed: Sequence[Stamp],
        fetch: Fetch,
        known: Mapping[str, tuple[str, str]],
        rows: int,
        progress: Progress,
    ) -> None:
        """Sends the changed blocks; while the server writes one group, the next is made ready."""
        base, under_way, done = self._parameters["base"], None, 0
        hashes = {local: digest for local, _, digest in changed}
        for group in _groups(fetch(list(hashes)), rows):
            old = [block.iri for block in group if base + block.iri in known]
            statements = list(rows_of.write([(block, hashes[block.iri]) for block in group], old))
            _wait(under_way)
            progress(done, len(changed))
            under_way = self._sender.submit(self._send, statements, len(group))
            done += len(group)
        _wait(under_way)
        progress(done, len(changed))

    def prune(self, gone: Mapping[str, str], size: int = 500) -> None:
        """Removes blocks (full IRI and label of the first node), then what belongs to a block and hangs on none."""
        for label in sorted(set(gone.values()), key=lambda label: label != "Paper"):
            iris = sorted(iri for iri, of in gone.items() if of == label)
            for start in range(0, len(iris), size):
                self._send([rows_of.remove(label, iris[start : start + size])], 0)
        self._report.removed = len(gone)
        self._send([rows_of.remove_orphans(label) for label in rows_of.OWNED], 0)

    def _send(self, statements: Sequence[rows_of.Statement], blocks: int) -> None:
        """All statements in one transaction, tried again while the server is away or another writer in the way."""
        for counters in self._session.execute_write(self._run, statements):
            self._count(counters)
        self._report.blocks += blocks

    def _run(self, transaction: Any, statements: Sequence[rows_of.Statement]) -> list[Any]:
        return [self._run_one(transaction, statement) for statement in statements]

    def _run_one(self, transaction: Any, statement: rows_of.Statement) -> Any:
        result = transaction.run(statement.text, {**self._parameters, "rows": statement.rows})
        first = result.peek()
        if statement.matches and first["matched"] != len(statement.rows):
            missing = len(statement.rows) - first["matched"]
            raise EngineError(f"{missing} relationships end at nodes that are not there: {statement.text}")
        if first is not None and not statement.matches:
            raise EngineError(
                f"{first['iri']} is in this database already and belongs to graph {first['graph']!r}, not to "
                f"{self._parameters['graph']!r}: load into another database, or build the graph with a base of its own"
            )
        return result.consume().counters

    def _count(self, counters: Any) -> None:
        for each in fields(self._report):
            if value := getattr(counters, each.name, 0):
                setattr(self._report, each.name, getattr(self._report, each.name) + value)


def _driver_package() -> ModuleType:
    logging.getLogger("neo4j").addHandler(logging.NullHandler())  # else what it retries is printed to stderr
    try:
        return import_module("neo4j")
    except ImportError as error:
        raise EngineError("the neo4j package is not installed: pip install 'paperkg[neo4j]'") from error


def _groups(blocks: Iterable[Block], rows: int) -> Iterator[list[Block]]:
    """Blocks in groups of at least ``rows`` nodes and relationships (the last perhaps fewer), papers apart."""
    group: list[Block] = []
    size = 0
    for block in blocks:
        if group and (size >= rows or (block.kind == LAST) != (group[-1].kind == LAST)):
            yield group
            group, size = [], 0
        group.append(block)
        size += len(block.nodes) + len(block.edges)
    if group:
        yield group


def _wait(under_way: "Future[None] | None") -> None:
    if under_way is not None:
        under_way.result()


def _alternating(nodes: Sequence[Any], relationships: Sequence[Any]) -> Iterator[Any]:
    for node, relationship in zip(nodes, relationships, strict=False):
        yield node
        yield relationship
    yield from nodes[-1:]


def _mistake(message: str) -> str:
    """What is wrong with a query and where, in the lines of its author (EXPLAIN stands before them)."""
    place = _PLACE.search(message)
    if not place:
        return f"the query cannot be run: {message}"
    snippet = place[3].strip().strip('"')
    return f"line {max(int(place[1]) - 1, 1)}, column {place[2]}: {message[: place.start()].strip()}\n  {snippet}"


def _silent(done: int, total: int) -> None:
    pass
