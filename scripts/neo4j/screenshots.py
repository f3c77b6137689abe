"""Pictures of the guide's queries in Neo4j Browser, for the documentation: docs/images/neo4j-*.png.

python scripts/neo4j/screenshots.py [--home .neo4j]       after `make neo4j`
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).resolve().parent)]

from server import Server  # noqa: E402

from tests.neo4j_browser import Window, opened  # noqa: E402

FULL = {2: "methods", 4: "results", 7: "papers"}  # number in the guide: name of the picture
FOLD = 2  # from this one on without the list of labels: the Browser keeps it folded
WITH_GUIDE = {9: "guide"}


def shoot(window: Window, folder: Path) -> None:
    """Click through the guide and keep the pictures that are named above."""
    for number, _ in enumerate(window.guide(), 1):
        frame = window.run()
        window.page.wait_for_timeout(4000)  # until the nodes have found their places
        if number in WITH_GUIDE:
            window.page.screenshot(path=folder / f"neo4j-{WITH_GUIDE[number]}.png")
        elif number in FULL:
            with window.filled_by(frame, overview=number != FOLD):
                window.page.screenshot(path=folder / f"neo4j-{FULL[number]}.png")


def main() -> None:
    """Shoot what the server in a folder holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, default=ROOT / ".neo4j", help="the server's folder (default: .neo4j)")
    server = Server(parser.parse_args().home.absolute())
    server.start()
    folder = ROOT / "docs" / "images"
    folder.mkdir(exist_ok=True)
    with opened(server, width=1500, height=950) as window:
        shoot(window, folder)


if __name__ == "__main__":
    main()
