"""What every kind of output must keep to."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import plugins
from pipeline.model import Collection
from tests.builders import SITE, collection, published
from tests.outputs import samples

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8")
KINDS = tuple(plugins.BUILT_IN["outputs"])
FEEDS_AND_PAGES = ("atom", "rss", "jsonfeed", "page", "subscribe")
OF_TALKS = tuple(kind for kind in KINDS if kind != "opml")

DIGEST = """
import hashlib, locale
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
from tests.outputs.samples import everything, files
from pipeline import plugins
whole = hashlib.sha256()
for given in everything():
    for kind in plugins.BUILT_IN["outputs"]:
        for path, body in files(kind, given).items():
            whole.update(path.encode() + b"\\0" + body)
print(whole.hexdigest())
"""


def digest(**environment: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-c", DIGEST],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.strip()


def test_outputs_are_the_same_bytes_over_hash_seed_time_zone_and_locale() -> None:
    one = digest(PYTHONHASHSEED="1", TZ="Asia/Kolkata", LC_ALL="C.UTF-8")
    other = digest(PYTHONHASHSEED="2", TZ="America/New_York", LC_ALL="de_DE.UTF-8")

    assert len(one) == 64
    assert one == other


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given", samples.everything(), ids=lambda one: one.id)
def test_output_stays_in_the_folder_of_its_collection(kind: str, given: Collection) -> None:
    paths = samples.files(kind, given)

    assert [
        path for path in paths if not re.fullmatch(re.escape(given.path) + r"[\w.-]+", path)
    ] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("given", samples.everything(), ids=lambda one: one.id)
def test_output_is_not_empty_and_never_leaves_a_template_unfilled(
    kind: str, given: Collection
) -> None:
    bodies = samples.files(kind, given).values()

    assert [body for body in bodies if len(body) < 40 or b"Markup(" in body] == []


@pytest.mark.parametrize("kind", OF_TALKS)
def test_output_renders_an_event_without_talks(kind: str) -> None:
    assert samples.files(kind, collection(published())) != {}


@pytest.mark.parametrize("kind", KINDS)
def test_output_renders_all_events_where_it_says_so(kind: str) -> None:
    given = collection(samples.thirteen(), alone=False)

    assert bool(samples.files(kind, given)) is (kind in FEEDS_AND_PAGES)


def test_outputs_of_different_kinds_never_write_the_same_file() -> None:
    given = collection(samples.thirteen())
    paths = [path for kind in KINDS for path in samples.files(kind, given)]

    assert sorted(paths) == sorted(set(paths))


@pytest.mark.parametrize("kind", KINDS)
def test_output_has_a_section_in_the_documentation(kind: str) -> None:
    assert f"\n## {kind}\n" in DOCS


def test_output_files_are_all_named_in_the_documentation() -> None:
    given = collection(samples.thirteen())
    names = [path.rpartition("/")[2] for kind in KINDS for path in samples.files(kind, given)]

    assert [name for name in names if f"`{name}`" not in DOCS] == []


@pytest.mark.parametrize("kind", KINDS)
def test_output_module_says_which_kind_it_is(kind: str) -> None:
    assert samples.module(kind).startswith(f"Kind `{kind}`: ")


@pytest.mark.parametrize("kind", KINDS)
def test_output_names_no_place_but_the_site_and_what_the_data_links_to(kind: str) -> None:
    known = (
        *(SITE.url, "https://www.youtube.com/", "https://jsonfeed.org/version/"),
        *("http://www.w3.org/", "http://purl.org/", "http://www.rssboard.org/"),
        *("http://search.yahoo.com/mrss/", "https://podcastindex.org/namespace/"),
        *("https://schema.org", "https://feedly.com/i/", "https://www.inoreader.com/?add_feed="),
        *("https://www.newsblur.com/?url=", "https://theoldreader.com/feeds/subscribe?url="),
    )
    rendered = samples.files(kind, collection(samples.thirteen()))
    # recap.eml repeats the other two in an encoding that breaks addresses over lines.
    text = "".join(body.decode() for path, body in rendered.items() if path[-4:] != ".eml")

    assert [
        url for url in re.findall(r"https?://[^\s\"'<>)]+", text) if not url.startswith(known)
    ] == []
