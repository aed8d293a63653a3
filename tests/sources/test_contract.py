"""What every kind of watch list must keep to."""

from __future__ import annotations

import ast
import importlib.util
import re
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import plugins
from pipeline.errors import ConfigError, SourceError
from pipeline.model import Known, Watch
from pipeline.written.yamltext import load
from tests.builders import no_secret, watch
from tests.sources.case import Case

DOCS = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")


def module_of(kind: str) -> str:
    return kind.replace("-", "_")


CASES: dict[str, Case] = {
    name: case
    for kind in plugins.BUILT_IN["sources"]
    for name, case in import_module(f"tests.sources.test_{module_of(kind)}").CASES.items()
}

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
every_kind = pytest.mark.parametrize("kind", plugins.BUILT_IN["sources"])


@every_case
def test_source_lists_each_video_once(case: Case) -> None:
    keys = [video.key for video in case.look(case.body).videos]
    assert keys
    assert keys == list(dict.fromkeys(keys))


@every_case
def test_source_gives_times_in_utc_and_whole_seconds(case: Case) -> None:
    dates = [one.platform_date for one in case.look(case.body).videos if one.platform_date]
    assert [(date.utcoffset(), date.microsecond) for date in dates] == [
        (timedelta(0), 0) for _ in dates
    ]


@every_case
def test_source_sees_the_same_when_it_looks_again(case: Case) -> None:
    source, fetch = case.source(), case.fetch(case.body)
    first = source.videos(fetch, Known())
    seen = Known(keys=frozenset(video.key for video in first.videos))
    assert source.videos(fetch, seen) == first


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=name) for name, case in CASES.items() if case.conditional]
)
def test_source_passes_on_that_nothing_changed(case: Case) -> None:
    listing = case.source().videos(case.fetch(None), Known())
    assert (listing.unchanged, listing.videos) == (True, ())


@every_case
@pytest.mark.parametrize(
    "body", [b"", b"\n", b"<!DOCTYPE html><html><p>Not found", b"\xff\xfe\x00", b"\0", b"Not found"]
)
def test_source_takes_what_is_no_list_for_unknown(case: Case, body: bytes) -> None:
    with pytest.raises(SourceError):
        case.look(body)


@every_case
@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200))
def test_source_answers_noise_with_source_error_only(case: Case, body: bytes) -> None:
    survives(case, body)


@every_case
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_source_answers_damage_with_source_error_only(case: Case, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(case.body)))
    end = data.draw(st.integers(start, min(len(case.body), start + 40)))
    noise = data.draw(st.binary(max_size=10) | st.text(max_size=5).map(encoded))
    tail = data.draw(st.sampled_from([case.body[end:], b""]))
    survives(case, case.body[:start] + noise + tail)


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def survives(case: Case, body: bytes) -> None:
    try:
        listing = case.look(body)
    except SourceError:
        return
    keys = [video.key for video in listing.videos]
    assert keys == list(dict.fromkeys(keys))


@every_case
def test_source_refuses_an_unknown_option(case: Case) -> None:
    name, value = next(iter(case.options.items()))
    options = {**case.options, f"{name}s": value}
    with pytest.raises(ConfigError, match=f"did you mean '{name}'"):
        replace(case, options=options).source()


@every_kind
def test_kind_has_a_case_here(kind: str) -> None:
    assert kind in {case.kind for case in CASES.values()}


@every_kind
def test_kind_is_the_name_of_its_module_and_test(kind: str) -> None:
    assert plugins.load("sources", kind).__module__ == f"pipeline.sources.{module_of(kind)}"
    assert Path(__file__).with_name(f"test_{module_of(kind)}.py").exists()


@every_kind
def test_kind_has_documentation_with_an_example_that_works(kind: str) -> None:
    section = re.search(rf"^## {kind}\n(.*?)(?=^## |\Z)", DOCS, re.MULTILINE | re.DOTALL)
    assert section
    example = re.search(r"```yaml\n(watch:.*?)```", section[1], re.DOTALL)
    assert example
    made = documented(example[1])
    assert made.kind == kind
    plugins.load("sources", kind)(made, folder=Path(), secret=no_secret)


def documented(text: str) -> Watch:
    value = load(text, file="docs/sources.md").value
    assert isinstance(value, dict)
    rows = value["watch"]
    assert isinstance(rows, list)
    row = rows[0]
    assert isinstance(row, dict)
    options = {
        name: str(one)
        for name, one in row.items()
        if name not in ("kind", "id", "only_this_event", "every")
    }
    return watch(str(row["id"]), kind=str(row["kind"]), options=options)


@every_kind
def test_kind_reaches_the_network_only_through_fetch(kind: str) -> None:
    assert not imports(f"pipeline.sources.{module_of(kind)}") & {
        "requests",
        "urllib3",
        "http",
        "socket",
    }


def imports(module: str) -> set[str]:
    """Return the top-level names that a module imports, with what its neighbours import."""
    spec = importlib.util.find_spec(module)
    assert spec
    assert spec.origin
    names = imported(ast.parse(Path(spec.origin).read_text(encoding="utf-8")))
    near = [name for name in names if name.startswith("pipeline.sources._")]
    return {name.partition(".")[0] for name in names}.union(*map(imports, near))


def imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_documented_rows_are_read() -> None:
    example = re.search(r"```yaml\n(videos:.*?)```", DOCS, re.DOTALL)
    assert example
    listing = CASES["file-yaml"].look(example[1].encode())
    assert [video.key for video in listing.videos] == [
        "youtube:tea00000001",
        "url:https://video.example.org/w/second-steep",
    ]
    assert listing.skipped == ()
