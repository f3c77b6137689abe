"""Keeps the engines' copies of the graph in step with the store.

The SPARQL copy lies in ``rdf/<generation>/``; a generation that has been published is never written again, so that
readers of it are never disturbed. The store names the generation that holds, and the sequence number of the last change
in it. The copy for Cypher without a server is one file in ``cypher/``, named by that same number and written when it is
first asked.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from kg import graph
from kg.batches import batched
from kg.engines import cypher, sparql
from kg.errors import EngineError
from kg.model import Block
from kg.store import Store
from kg.store.blocks import Stamp

FOLDER = "rdf"
CYPHER = "cypher"
REBUILD_ABOVE = 0.10  # share of changed blocks above which a bulk load into a new folder is faster

Progress = Callable[[str, int, int], None]


def location(store: Store) -> Path | None:
    """The folder of the generation that holds; None before the first build."""
    generation = store.get("rdf_generation")
    return store.folder / FOLDER / str(generation) if generation is not None else None


def is_current(store: Store) -> bool:
    """Whether the copy holds all that the store does."""
    return (
        location(store) is not None
        and not store.queue.count("block")
        and store.get("rdf_sequence") == store.blocks.sequence()
        and store.get("graph_code") == graph.fingerprint()
    )


def project(store: Store, *, progress: Progress) -> int:
    """Bring block hashes and the SPARQL copy up to date; the number of blocks that changed."""
    present = location(store)
    stale, total = store.queue.count("block"), store.blocks.count()
    same_code = store.get("graph_code") == graph.fingerprint()
    if present is None or not (present / "CURRENT").is_file() or not same_code or stale > REBUILD_ABOVE * total:
        return _rebuild(store, progress)
    _stamp_stale(store)
    sequence = int(store.get("rdf_sequence", 0))
    changed = store.blocks.count_after(sequence)
    if changed > REBUILD_ABOVE * max(total, 1):
        return _rebuild(store, progress)
    if changed:
        try:
            _apply(store, present, sequence, changed, progress)
        except EngineError:  # the copy is damaged: it is only a copy
            _rebuild(store, progress)
    return changed


def cypher_file(store: Store) -> Path | None:
    """The file of the Cypher copy of what the SPARQL copy holds; written if it is not there.

    None while it cannot be: before a build has come to its end. Raises EngineError if kglite is not installed.
    """
    with store.snapshot():
        sequence = store.get("rdf_sequence")
        file: Path = store.folder / CYPHER / f"{sequence}-{graph.fingerprint()}{cypher.SUFFIX}"
        if file.is_file():
            return file
        if store.queue.count("block") or sequence != store.blocks.sequence():
            return None
        cypher.rebuild(file, graph.blocks(store), store.get("base"))
    for old in file.parent.iterdir():
        if not old.name.startswith(file.stem):
            with suppress(OSError):  # another process has it open, and its system minds
                old.unlink()
    return file


def _rebuild(store: Store, progress: Progress) -> int:
    generation = int(store.get("rdf_generation", 0)) + 1
    folder = _fresh(store, generation)
    store.blocks.start()
    sparql.rebuild(folder, _stamped(store, progress), store.get("base"))
    with store.transaction():
        changed = store.blocks.adopt()
        store.queue.clear("block")
        _publish(store, generation)
    _tidy(store, generation)
    return changed


def _apply(store: Store, present: Path, sequence: int, total: int, progress: Progress) -> None:
    generation = int(store.get("rdf_generation")) + 1
    folder = _fresh(store, generation)
    stamps = list(store.blocks.after(sequence))
    removed = [s.iri for s in stamps if not s.hash]
    kept = [s.iri for s in stamps if s.hash]
    changed = (block for _, block in graph.blocks_of(store, kept) if block)
    sparql.apply(present, folder, _counted(changed, total, progress), removed, store.get("base"))
    with store.transaction():
        _publish(store, generation)
    _tidy(store, generation)


def _stamp_stale(store: Store) -> None:
    """Give every queued block its hash of now."""
    readers = [graph.reader_block(reader).iri for reader in store.papers.readers()]
    store.queue.add("block", *readers, *store.blocks.of_kind("reader"))
    while stale := store.queue.take("block", 500):
        with store.transaction():
            store.blocks.put(_stamp(store, iri, block) for iri, block in graph.blocks_of(store, stale))
            store.queue.done("block", stale)


def _stamp(store: Store, iri: str, block: Block | None) -> Stamp:
    return Stamp(iri, block.kind, graph.block_hash(block)) if block else Stamp(iri, _KINDS.get(iri[0], "concept"), "")


_KINDS = {"P": "paper", "A": "author", "X": "reader"}


def _stamped(store: Store, progress: Progress) -> Iterator[Block]:
    total, done = store.blocks.count(), 0
    for batch in batched(graph.blocks(store), 1000):
        store.blocks.add(Stamp(block.iri, block.kind, graph.block_hash(block)) for block in batch)
        done += len(batch)
        progress("graph", done, total)
        yield from batch


def _counted(blocks: Iterator[Block], total: int, progress: Progress) -> Iterator[Block]:
    for number, block in enumerate(blocks, 1):
        progress("graph", number, total)
        yield block


def _publish(store: Store, generation: int) -> None:
    store.set("rdf_generation", generation)
    store.set("rdf_sequence", store.blocks.sequence())
    store.set("graph_code", graph.fingerprint())


def _fresh(store: Store, generation: int) -> Path:
    """The folder of a new generation, free of what a killed build may have left there."""
    held = int(store.get("rdf_generation", 0))
    _prune(store, {str(held), str(held - 1)})
    folder: Path = store.folder / FOLDER / str(generation)
    return folder


def _tidy(store: Store, generation: int) -> None:
    """Remove old generations but the last, which a reader may still have open."""
    _prune(store, {str(generation), str(generation - 1)})


def _prune(store: Store, keep: set[str]) -> None:
    root = store.folder / FOLDER
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)
