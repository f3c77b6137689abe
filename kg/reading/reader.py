"""The Reader: texts in, Readings out, in order, with as many processes as asked for."""

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cached_property
from itertools import islice
from multiprocessing import connection
from types import TracebackType

from kg.model import Reading
from kg.reading import VARIANTS, document, lines, network, sentences, status
from kg.reading.pipeline import Step, steps
from kg.reading.words import make_doc

Text = tuple[str, str]
BATCH_SIZE = 32
_reader: "Reader | None" = None  # of a worker process


class Reader:
    """Reads titles and abstracts. Use it as a context manager, or call ``close``.

    ``processes`` share the work; what comes out does not depend on how many, nor on ``batch_size`` (texts that are read
    at a time and that one process is handed). ``variant`` names the network, one of ``VARIANTS``. Raises
    ``EngineError`` where the model is missing or damaged.
    """

    def __init__(self, *, processes: int = 1, batch_size: int = BATCH_SIZE, variant: str = "default") -> None:
        if processes < 1 or batch_size < 1:
            raise ValueError(f"processes={processes}, batch_size={batch_size}: both must be at least 1")
        self._batch_size = batch_size
        if variant not in VARIANTS:
            raise ValueError(f"variant={variant!r}: known are {', '.join(VARIANTS)}")
        self._variant = variant
        if processes == 1:
            self._steps  # noqa: B018 - what is missing or damaged shall show now
        else:
            network.check(variant)
        self._pool = _pool(processes, batch_size, variant) if processes > 1 else None
        self._window = 2 * processes

    @cached_property
    def _steps(self) -> list[Step]:
        return steps(self._variant)

    def read(self, texts: Iterable[Text]) -> Iterator[Reading]:
        """One Reading for each (title, abstract), in order; at most a few batches are held at a time."""
        batches = _batches(texts, self._batch_size)
        if self._pool is None:
            for batch in batches:
                yield from self.read_batch(batch)
            return
        pending: deque[Future[list[Reading]]] = deque()
        try:
            for batch in batches:
                pending.append(self._pool.submit(_read_in_worker, batch))
                if len(pending) >= self._window:
                    yield from pending.popleft().result()
            while pending:
                yield from pending.popleft().result()
        finally:
            for future in pending:
                future.cancel()

    def read_batch(self, texts: list[Text]) -> list[Reading]:
        """The Readings of a few texts, read in this process."""
        judged = [status.status(*text) for text in texts]
        return [
            self._reading(text, language) if found == "ok" else _without_facts(text, found, language)
            for text, (found, language) in zip(texts, judged, strict=True)
        ]

    def close(self) -> None:
        """Stop the worker processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _reading(self, text: Text, language: str) -> Reading:
        title, abstract = text
        doc = document.start_document(make_doc(f"{title}\n{abstract}"), len(title))
        for step in self._steps:
            doc = step(doc)
        return lines.from_json(
            {
                "status": "ok",
                "language": language,
                "sentences": document.sentences(doc),
                **{kind: document.facts(doc, kind) for kind in ("entities", "results", "quantities")},
            }
        )


def _without_facts(text: Text, found: str, language: str) -> Reading:
    title, abstract = text
    return Reading(found, language, tuple(sentences.split(f"{title}\n{abstract}", len(title))))


def _batches(texts: Iterable[Text], size: int) -> Iterator[list[Text]]:
    source = iter(texts)
    while batch := list(islice(source, size)):
        yield batch


def _pool(processes: int, batch_size: int, variant: str) -> ProcessPoolExecutor:
    """Workers that start as the platform starts processes, each with a reader of its own."""
    return ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context(), initializer=_start_worker, initargs=(batch_size, variant)
    )


def _start_worker(batch_size: int, variant: str) -> None:
    global _reader
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _reader = Reader(batch_size=batch_size, variant=variant)
    gc.freeze()  # what was loaded stays: looking through it for garbage each time costs a few per cent


def _end_with_parent() -> None:
    """A killed parent cannot tell its workers to stop, and they may hold the lock of its graph."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _read_in_worker(batch: list[Text]) -> list[Reading]:
    if _reader is None:
        raise RuntimeError("a worker reads before it was started")
    return _reader.read_batch(batch)
