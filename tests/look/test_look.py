"""What only a browser can tell of pages and mails: skipped without one, but required in CI."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from tests.look import site
from tests.look.browser import Window, found, is_required, window

LACKING = [
    name
    for name, there in (
        ("Chromium (Debian: chromium)", found()),
        ("playwright (pip install '.[look]')", importlib.util.find_spec("playwright")),
        ("axe (pip install '.[look]')", importlib.util.find_spec("axe_playwright_python")),
    )
    if not there
]

pytestmark = pytest.mark.skipif(
    bool(LACKING) and not is_required(), reason=f"not installed here: {', '.join(LACKING)}"
)

JUDGED = (
    *("teaconf-2031/index.html", "teaconf-2031/subscribe.html", "teetage-2031/index.html"),
    *("chai-2031/index.html", "chai-2031/subscribe.html", "longconf-2031/index.html"),
    *("index.html", "subscribe.html", "status.html"),
)
"""Pages that axe judges: one of each sort, in each direction of writing."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("look")


@pytest.fixture(scope="module")
def paths(root: Path) -> list[str]:
    return site.write(root)


@pytest.fixture(scope="module")
def shown(root: Path) -> Iterator[Window]:
    with window(root, url=site.PLACE.url) as opened:
        yield opened


def test_no_page_or_mail_scrolls_sideways_or_asks_another_host(
    paths: list[str], shown: Window
) -> None:
    wrong: list[tuple[str, object]] = []
    for path in paths:
        shown.open(path)
        for width in (360, 320):
            shown.width(width)
            wrong += [(path, width)] if shown.overflow() > 0 else []
        wrong += [(path, address) for address in shown.asked]

    assert (len(paths) > 20, wrong) == (True, [])


@pytest.mark.parametrize("path", JUDGED)
def test_axe_finds_nothing_in_either_scheme(path: str, paths: list[str], shown: Window) -> None:
    assert path in paths
    shown.open(path)
    shown.page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    found = []
    for dark in (False, True):
        shown.scheme(dark=dark)
        made = shown.page.evaluate("axe.run()")
        found += [(dark, one["id"], one["nodes"][0]["html"][:200]) for one in made["violations"]]

    assert found == []
