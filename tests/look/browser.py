"""A headless Chromium of this machine for tests and pictures; it may reach files only."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

NAMES = ("chromium", "chromium-browser", "google-chrome")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def found() -> str | None:
    """Return the path of a Chromium, None where this machine has none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def is_required() -> bool:
    """Tell whether it is a mistake that there is no browser."""
    return os.environ.get("CI") == "true"


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser with a profile of its own, and end it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found(), args=list(SWITCHES))
        try:
            yield started
        finally:
            started.close()


class Window:
    """One window of a browser, for one page after another; `asked` are addresses it was refused.

    What it asks of `url` is answered from the folder `root`.
    """

    def __init__(self, page: Page, *, root: Path, url: str) -> None:
        self.page = page
        self._root = root
        self._url = url
        self.asked: list[str] = []
        page.route("**/*", self._judge)

    def open(self, path: str) -> None:
        """Show a file of the site in a wide window and the light scheme."""
        self.asked.clear()
        self.scheme(dark=False)
        self.width(1180)
        self.page.goto((self._root / path).as_uri(), wait_until="load")

    def scheme(self, *, dark: bool) -> None:
        """Prefer one scheme."""
        self.page.emulate_media(color_scheme="dark" if dark else "light")

    def width(self, pixels: int) -> None:
        """Make the window as wide as that."""
        self.page.set_viewport_size({"width": pixels, "height": 900})

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        found: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return found

    def _judge(self, route: Route) -> None:
        if route.request.url.startswith(("file:", "data:")):
            route.continue_()
        elif route.request.url.startswith(self._url):
            route.fulfill(path=self._root / route.request.url.removeprefix(self._url))
        else:
            self.asked.append(route.request.url)
            route.abort()


@contextmanager
def window(root: Path, *, url: str) -> Iterator[Window]:
    """Open a window of a browser of its own on the site in `root`, which is served at `url`."""
    with browser() as started:
        context = started.new_context(service_workers="block")
        try:
            yield Window(context.new_page(), root=root, url=url)
        finally:
            context.close()
