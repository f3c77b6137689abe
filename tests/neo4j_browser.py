"""Neo4j Browser in a real headless Chromium, driven as a person does: connect, type, look."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

PATIENCE = 60_000  # milliseconds: two cores are shared with the server
EDITOR = "#monaco-main-editor textarea"


def chromium() -> str | None:
    """Where Chromium is: ``$CHROMIUM``, else on the path under one of its names; None if it is not installed."""
    return os.environ.get("CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )


@contextmanager
def opened(server: Any, *, width: int = 1600, height: int = 1000) -> Iterator["Window"]:
    """A window of the Browser, connected to ``server``; its style and its guide are there."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE)
        page.goto(server.browser)
        window = Window(page)
        window.connect(server.password)
        yield window
        browser.close()


class Window:
    """One window of Neo4j Browser."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def connect(self, password: str) -> None:
        """Log in, and wait for what the server has the Browser do then."""
        self.page.fill('[data-testid="username"]', "neo4j")
        self.page.fill('[data-testid="password"]', password)
        self.page.click('[data-testid="connect"]')
        self.page.locator("pre.runnable").first.wait_for()
        self.page.locator('[data-testid="frameCommand"]', has_text=":style").wait_for()

    def guide(self) -> Iterator[str]:
        """Clicks through the guide; gives each query as it then stands in the editor, ready to run."""
        while True:
            queries = self.page.locator("pre.runnable")
            queries.first.wait_for()
            for number in range(queries.count()):
                text = queries.nth(number).inner_text()
                queries.nth(number).click()
                yield text
            following = self.page.locator('[data-testid="guideNextSlide"]')
            if following.is_disabled():
                return
            following.click()

    def run(self, text: str = "") -> Locator:
        """Run ``text`` (default: what stands in the editor); the frame with its answer, when it is there."""
        self.page.locator('[data-testid="frame"]').first.wait_for()
        before = self.page.locator('[data-testid="frame"]').count()
        if text:
            self.page.locator(EDITOR).first.focus()
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(text)
        self.page.click('[data-testid="editor-Run"]')
        self.page.wait_for_function("n => document.querySelectorAll('[data-testid=\"frame\"]').length > n", arg=before)
        frame = self.page.locator('[data-testid="frame"]').first
        frame.locator('[data-testid="rerunFrameButton"]').wait_for()
        frame.locator('[data-testid="frame-loaded-contents"]').wait_for()
        return frame

    def nodes(self, frame: Locator) -> list[dict[str, Any]]:
        """The nodes of a frame's picture: labels, properties, and how they are drawn."""
        frame.locator("g.node").first.wait_for()
        found = frame.locator("g.node").evaluate_all(
            """nodes => nodes.map(node => ({
                labels: node.__data__.labels,
                properties: node.__data__.propertyMap,
                colour: node.querySelector("circle.b-outline").getAttribute("fill"),
                diameter: 2 * node.querySelector("circle.b-outline").getAttribute("r"),
                caption: [...node.querySelectorAll("text.caption")].map(line => line.textContent).join(" "),
            }))"""
        )
        return list(found)

    @contextmanager
    def filled_by(self, frame: Locator, *, overview: bool = True) -> Iterator[None]:
        """Give the picture of a frame the whole window for a while."""
        frame.locator('[title="Fullscreen"]').click()
        self.page.wait_for_timeout(1000)  # it is drawn anew
        if not overview:
            self.page.locator('[aria-label="Collapse the node properties display"]').first.click()
        self.page.locator('[aria-label="zoom-to-fit"]').first.click()
        self.page.wait_for_timeout(2000)
        yield
        self.page.locator('[title="Close fullscreen"]').first.click()
