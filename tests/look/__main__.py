"""Pictures of every page and mail in build/look/: `make look`; those of the README: `… readme`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.look import site
from tests.look.browser import found, window
from tests.workspace import REPOSITORY

README = (
    ("recap.png", "teaconf-2031/index.html", 1100, 1010),
    ("mail.png", "teaconf-2031/email.html", 700, 1020),
)
SIZES = (("light", 1180, False), ("dark", 1180, True), ("360", 360, False))


def main(out: Path) -> None:
    """Write the site to a temporary folder and take its pictures."""
    if found() is None:
        sys.exit("no Chromium is installed here; install the package `chromium`")
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        window(Path(folder), url=site.PLACE.url) as shown,
    ):
        for path in site.write(Path(folder)):
            shown.open(path)
            for name, width, dark in SIZES:
                shown.scheme(dark=dark)
                shown.width(width)
                target = out / f"{path.removesuffix('.html').replace('/', '-')}-{name}.png"
                shown.page.screenshot(path=target, full_page=True)
                sys.stdout.write(f"{target}\n")


def readme(out: Path) -> None:
    """Take the pictures that the README shows."""
    with (
        tempfile.TemporaryDirectory() as folder,
        window(Path(folder), url=site.PLACE.url) as shown,
    ):
        site.write(Path(folder))
        for name, path, width, height in README:
            shown.open(path)
            shown.page.set_viewport_size({"width": width, "height": height})
            shown.page.screenshot(path=out / name)


if __name__ == "__main__":
    if sys.argv[1:] == ["readme"]:
        readme(REPOSITORY / "docs" / "images")
    else:
        main(REPOSITORY / "build" / "look")
