"""Write tests/data/graphs/v<VERSION>.sqlite.gz: a small graph of the tables of now, for the tests of later versions."""

import gzip
import json
import os
import sqlite3
import tempfile
from pathlib import Path

import kg
from kg.store.tables import VERSION

TARGET = Path(__file__).parents[1] / "tests" / "data" / "graphs" / f"v{VERSION}.sqlite.gz"
PAPERS = [
    {
        "id": "1",
        "title": "Bees and Instruments",
        "abstract": "We use instrumental variables to study bees. The effect is 3.2 points (p < 0.05).",
        "date": "2024-05-01",
        "authors": ["Ann Lee"],
    },
    {
        "id": "2",
        "title": "Ants and Images",
        "abstract": "We train BERT on SQuAD and reach an F1 score of 88.5%, 2.1 points better than LSTM.",
        "date": "2023",
        "doi": "10.1000/ants",
        "authors": ["Bo Li", "Ann Lee"],
    },
    {"id": "3", "title": "Nothing", "abstract": ""},
]


def main() -> None:
    """Build the graph in a temporary folder and pack its file."""
    with tempfile.TemporaryDirectory() as name:
        os.chdir(name)
        Path("papers.jsonl").write_text("".join(json.dumps(paper) + "\n" for paper in PAPERS), encoding="utf-8")
        kg.open("graph").build(["papers.jsonl"], processes=1)
        with sqlite3.connect("graph/graph.sqlite") as db:
            db.execute("UPDATE records SET location = '/papers.jsonl'")
            db.commit()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            db.execute("VACUUM")
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        packed = gzip.compress(Path("graph/graph.sqlite").read_bytes(), mtime=0)
        TARGET.write_bytes(packed)
        os.chdir("/")


if __name__ == "__main__":
    main()
