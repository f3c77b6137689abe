"""The process in which SPARQL queries run, so that one can be stopped: reads requests, writes framed answers.

Started as a script by ``sparql.py`` and light on purpose: it imports nothing of ours. A request is a frame of (query,
prefixes). An answer is frames of ("columns", names), ("rows", rows) as often as needed, ("end",); or ("syntax",
message) or ("error", message) at any point. A frame is its length in four bytes and a marshalled tuple; an IRI goes
over the wire as bytes, everything else as itself.
"""

import marshal
import os
import queue
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

import pyoxigraph as ox

ROWS_A_FRAME = 2000
_LENGTH = struct.Struct("<I")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = (
    "integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger "
    "unsignedLong unsignedInt unsignedShort unsignedByte"
)
_TRUTH = {"true": True, "1": True, "false": False, "0": False}
_READERS: dict[str, Callable[[str], Any]] = {
    **{_XSD + name: int for name in _INTEGERS.split()},
    **{_XSD + name: float for name in ("double", "float", "decimal")},
    _XSD + "boolean": _TRUTH.__getitem__,
}


def write_frame(stream: BinaryIO, message: tuple[Any, ...]) -> None:
    """Writes one message and sends it off."""
    data = marshal.dumps(message)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[Any, ...] | None:
    """The next message, or None where the other side has gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    data = stream.read(_LENGTH.unpack(head)[0])
    if len(data) < _LENGTH.unpack(head)[0]:
        return None
    message: tuple[Any, ...] = marshal.loads(data)
    return message


def cell(term: Any) -> Any:
    """A term as a value that goes over the wire."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return term.value.encode()
    if not isinstance(term, ox.Literal):
        return str(term)
    read = _READERS.get(term.datatype.value)
    if read is None:
        return term.value
    try:
        return read(term.value)
    except (ValueError, KeyError):  # "abc"^^xsd:integer is a literal too
        return term.value


def table(answer: Any) -> tuple[tuple[str, ...], Iterable[tuple[Any, ...]]]:
    """Column names and rows of what a query of any form gives."""
    if isinstance(answer, ox.QueryBoolean):
        return ("answer",), [(bool(answer),)]
    if isinstance(answer, ox.QueryTriples):
        rows = ((cell(t.subject), cell(t.predicate), cell(t.object)) for t in answer)
        return ("subject", "predicate", "object"), rows
    return tuple(v.value for v in answer.variables), (tuple(map(cell, solution)) for solution in answer)


def answers(store: ox.Store, text: str, prefixes: dict[str, str]) -> Iterator[tuple[Any, ...]]:
    """The messages that answer one query."""
    columns, rows = table(store.query(text, prefixes=prefixes))
    yield "columns", columns
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == ROWS_A_FRAME:
            yield "rows", batch
            batch = []
    yield "rows", batch
    yield ("end",)


def serve(store: ox.Store, requests: "queue.SimpleQueue[tuple[Any, ...]]", output: BinaryIO) -> None:
    """Answers one request after the other, for ever."""
    while True:
        text, prefixes = requests.get()
        try:
            for message in answers(store, text, prefixes):
                write_frame(output, message)
        except (SyntaxError, ValueError) as error:
            write_frame(output, ("syntax", str(error)))
        except (OSError, RuntimeError) as error:
            write_frame(output, ("error", str(error)))


def receive(requests: "queue.SimpleQueue[tuple[Any, ...]]", stream: BinaryIO) -> None:
    """Hands requests on, and ends the process when nobody is left to answer, even in the middle of a query."""
    while (message := read_frame(stream)) is not None:
        requests.put(message)
    os._exit(0)


def main(folder: str) -> None:
    """Opens the store in ``folder`` and serves it on standard input and output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt is for the process that asks
    output = sys.stdout.buffer
    try:
        store = ox.Store.read_only(folder)
    except OSError as error:
        write_frame(output, ("error", str(error)))
        return
    write_frame(output, ("ready",))
    requests: queue.SimpleQueue[tuple[Any, ...]] = queue.SimpleQueue()
    threading.Thread(target=receive, args=(requests, sys.stdin.buffer), daemon=True).start()
    serve(store, requests, output)


if __name__ == "__main__":
    main(sys.argv[1])
