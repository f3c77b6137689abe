"""The errors of paperkg, one tree.

KgError                     anything this package refuses; the message names the value, the place and the mend
├── SourceError             a location that cannot be read at all
│   └── RecordError         one bad record: reported, counted and skipped (``strict`` stops instead)
├── StoreError              the graph folder cannot be opened: newer version, not a graph
│   └── BusyError           another process is writing to this graph
├── QueryError              a query that cannot be run: syntax, unknown question or parameter, an attempt to write
│   └── QueryTimeoutError   it ran longer than its time limit and was stopped
├── NotFoundError           nothing of that name in the graph
└── EngineError             a database that does not answer, or an extra that is not installed
"""


class KgError(Exception):
    """Base of every error that paperkg raises on purpose."""


class SourceError(KgError):
    """A location that cannot be read."""


class RecordError(SourceError):
    """One record that cannot be read.

    ``location`` is the file as people know it, ``line`` counts from 1 (0: not known), ``reason`` says what is wrong.
    """

    def __init__(self, location: str, line: int, reason: str) -> None:
        self.location, self.line, self.reason = location, line, reason
        super().__init__(f"{location}:{line}: {reason}" if line else f"{location}: {reason}")

    def __reduce__(self) -> tuple[type["RecordError"], tuple[str, int, str]]:
        return RecordError, (self.location, self.line, self.reason)


class StoreError(KgError):
    """The graph folder cannot be opened."""


class BusyError(StoreError):
    """Another process is writing to this graph."""


class QueryError(KgError):
    """A query or question that cannot be run."""


class QueryTimeoutError(QueryError):
    """The query ran longer than its time limit and was stopped."""


class NotFoundError(KgError):
    """Nothing of that name in the graph."""


class EngineError(KgError):
    """A database or an optional package that is not there or does not answer."""
