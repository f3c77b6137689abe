"""Opening a graph folder: its SQLite file made, migrated or refused, and the lock that admits one writer."""

import json
import os
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from kg.errors import BusyError, StoreError
from kg.store.tables import MIGRATIONS, TABLES, VERSION

FILE = "graph.sqlite"
LOCK = "writer.lock"
HOLDER = "writer.json"

_LOG_PAGES = 16384  # pages (64 MB) of log before it is folded into the file: each time waits for the disk
_CACHE = 24 * 1024  # KiB of pages: enough for the inner pages of all indexes; the system keeps the rest


def connect(folder: Path, *, write: bool) -> sqlite3.Connection:
    """The graph's database: created if ``write`` and missing, migrated if ``write`` and old, else refused."""
    path = folder / FILE
    if not path.exists():
        if not write:
            raise StoreError(f"no graph in {folder}: build one with `kg build SOURCE --graph {folder}`")
        if folder.exists() and not folder.is_dir():
            raise StoreError(f"{folder} is a file; a graph is a folder")
        folder.mkdir(parents=True, exist_ok=True)
    connection = _open(path, write=write)
    try:
        _bring_up_to_date(connection, path, write=write)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise StoreError(
            f"{path} is not a paperkg graph or is damaged ({error}); restore a backup or build anew"
        ) from error
    except StoreError:
        connection.close()
        raise
    return connection


def _open(path: Path, *, write: bool) -> sqlite3.Connection:
    mode = "rwc" if write else "ro" if _may_write(path) else "ro&immutable=1"  # WAL needs to write beside the file
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=30)


def _may_write(path: Path) -> bool:
    wal = path.with_name(path.name + "-wal")
    return os.access(path.parent, os.W_OK) or (wal.exists() and wal.stat().st_size > 0)


def _bring_up_to_date(connection: sqlite3.Connection, path: Path, *, write: bool) -> None:
    connection.execute(f"PRAGMA cache_size = -{_CACHE}")
    connection.execute("PRAGMA foreign_keys = ON")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise StoreError(
            f"{path} was written by a newer paperkg (tables {version}, this one knows {VERSION}): upgrade paperkg"
        )
    if write:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}")
    if version == VERSION:
        return
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise StoreError(f"{path} is a SQLite file, but not a paperkg graph")
    if not write:
        raise StoreError(f"{path} is of an older version ({version}); `kg build` without a source brings it up to date")
    if version:
        _back_up(connection, path.with_name(f"{FILE}.v{version}.backup"))
    scripts = [TABLES] if version == 0 else [MIGRATIONS[v] for v in range(version + 1, VERSION + 1)]
    _run(connection, ["BEGIN IMMEDIATE", *scripts, f"PRAGMA user_version = {VERSION}", "COMMIT"])


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with sqlite3.connect(partial) as copy:
        connection.backup(copy)
    copy.close()
    partial.replace(target)


def _run(connection: sqlite3.Connection, scripts: list[str]) -> None:
    try:
        for statement in (s for script in scripts for s in _statements(script)):
            connection.execute(statement)
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    """The single statements of a script: ``executescript`` would commit first and so break the transaction."""
    statement = ""
    for part in re.split(r"(?<=;)", script if script.rstrip().endswith(";") else script + ";"):
        statement += part
        if statement.strip() and sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the graph's writer lock; a second writer is told who has it. It falls with the process, however it ends."""
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file; a graph is a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / LOCK)
        lock.acquire(timeout=0)
    except Timeout:
        holder = _holder(folder)
        raise BusyError(f"{folder} is being written by {holder}; wait for it to end, then run this again") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder} cannot be written ({error}); name another folder with --graph") from error
    try:
        note = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        (folder / HOLDER).write_text(json.dumps(note))
        yield
    finally:
        (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    try:
        note = json.loads((folder / HOLDER).read_text())
    except (OSError, ValueError):
        return "another process"
    return f"process {note['pid']} on {note['host']} since {note['since']}"
