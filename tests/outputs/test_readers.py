"""What readers, schemas and newsletter programs make of feeds of every size with hostile titles.

The W3C's validator is run by hand: it is not on a registry.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import jsonschema
import pytest

from pipeline.model import Collection
from tests.builders import collection
from tests.fetch.server import answer, serving
from tests.outputs import samples
from tests.outputs.feeds import read_json, read_xml
from tests.outputs.samples import only

SCHEMAS = Path(__file__).parents[3] / "shared" / "schemas"
ATOM_SCHEMA = SCHEMAS / "atom.rnc"
JSON_SCHEMA = SCHEMAS / "jsonfeed-1.1.schemastore.json"
SIZES = (0, 1, 13, 52, 500)


def feeds() -> list[Collection]:
    """Return feeds of one event and of several, of every size."""
    return [
        collection(samples.sized(size), alone=alone) for size in SIZES for alone in (True, False)
    ]


@pytest.mark.parametrize("alone", [True, False])
@pytest.mark.parametrize("size", SIZES)
def test_feedparser_reads_the_same_of_every_format(size: int, alone: bool) -> None:
    given = collection(samples.sized(size), alone=alone)
    rows = read_json(given)

    assert (len(rows), read_xml("atom", given), read_xml("rss", given)) == (size, rows, rows)


@pytest.mark.skipif(not ATOM_SCHEMA.exists(), reason="the schema atom.rnc is not on this machine")
@pytest.mark.skipif(not shutil.which("jing"), reason="jing is not installed")
def test_atom_of_every_size_is_valid_by_the_schema_of_rfc_4287(tmp_path: Path) -> None:
    paths = []
    for number, given in enumerate(feeds()):
        path = tmp_path / f"{number}.xml"
        path.write_text(only("atom", given), encoding="utf-8")
        paths.append(str(path))

    ran = subprocess.run(
        ["jing", "-c", str(ATOM_SCHEMA), *paths],  # noqa: S607 - found by which above
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.stdout, ran.returncode) == ("", 0)


@pytest.mark.skipif(not JSON_SCHEMA.exists(), reason="the JSON Feed schema is not on this machine")
@pytest.mark.parametrize("given", feeds(), ids=lambda one: f"{one.id}-{len(one.entries)}")
def test_json_feed_of_every_size_is_valid_by_its_schema(given: Collection) -> None:
    schema = json.loads(JSON_SCHEMA.read_text(encoding="utf-8"))

    jsonschema.validate(json.loads(only("jsonfeed", given)), schema)


@pytest.mark.skipif(not shutil.which("newsboat"), reason="newsboat is not installed")
@pytest.mark.parametrize("kind", ["atom", "rss"])
def test_newsboat_reads_what_the_feed_holds(kind: str, tmp_path: Path) -> None:
    given = collection(samples.sized(52))
    with serving() as server:
        server.routes[f"/{kind}.xml"] = answer(only(kind, given).encode())
        (tmp_path / "urls").write_text(f"{server.url}/{kind}.xml\n", encoding="utf-8")
        (tmp_path / "config").touch()
        subprocess.run(
            ["newsboat", "-C", "config", "-u", "urls", "-c", "cache.db", "-x", "reload"],  # noqa: S607 - found by which above
            cwd=tmp_path,
            env={**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
            capture_output=True,
            check=True,
            timeout=60,
        )
    with sqlite3.connect(tmp_path / "cache.db") as cache:
        found = cache.execute("SELECT guid, title, url, pubDate FROM rss_item").fetchall()
    cache.close()

    assert sorted(found) == sorted(
        (row.id, row.title, row.link, int(row.published.timestamp())) for row in read_json(given)
    )
