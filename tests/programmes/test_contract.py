"""What every kind of programme must keep to."""

from __future__ import annotations

import ast
import importlib.util
import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import plugins
from pipeline.dataset.schema import TalkFile
from pipeline.errors import ConfigError, SourceError
from pipeline.model import Imported, Link, Speaker, Talk
from pipeline.text import ID, clean, clean_block, length
from tests.programmes.case import Case
from tests.sources.fakes import NO_NETWORK, FakeFetch

DOCS = (Path(__file__).parents[2] / "docs" / "programmes.md").read_text(encoding="utf-8")


def module_of(kind: str) -> str:
    return kind.replace("-", "_")


CASES: dict[str, Case] = {
    name: case
    for kind in plugins.BUILT_IN["programmes"]
    for name, case in import_module(f"tests.programmes.test_{module_of(kind)}").CASES.items()
}

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
every_kind = pytest.mark.parametrize("kind", plugins.BUILT_IN["programmes"])


@every_case
def test_programme_gives_each_talk_an_id_of_its_own(case: Case) -> None:
    for event in case.read(case.body):
        ids = [talk.id for talk in event.talks]
        assert len(ids) >= 2
        assert ids == list(dict.fromkeys(ids))
        assert [one for one in ids if not ID.match(one)] == []


@every_case
def test_programme_gives_no_code_to_two_talks(case: Case) -> None:
    for event in case.read(case.body):
        codes = [code for talk in event.talks for code in talk.codes]
        assert codes == list(dict.fromkeys(codes))


@every_case
def test_programme_gives_no_recording_to_two_talks(case: Case) -> None:
    for event in case.read(case.body):
        keys = [key for talk in event.talks for key in talk.recordings]
        assert keys == list(dict.fromkeys(keys))


@every_case
def test_programme_gives_what_a_file_of_talks_may_hold(case: Case) -> None:
    for event in case.read(case.body):
        assert [holds(talk) for talk in event.talks] == [True for _ in event.talks]


def holds(talk: Talk) -> bool:
    """Check a talk by the model of the file that it will stand in; raises where it does not fit."""
    row = {
        "id": talk.id,
        "title": talk.title,
        "kind": talk.kind,
        "speakers": [person(one) for one in talk.speakers],
        "summary": talk.summary,
        "day": talk.day.isoformat() if talk.day else None,
        "length": length(talk.length) if talk.length else None,
        "language": talk.language,
        "track": talk.track,
        "tags": list(talk.tags),
        "slides": [label(one) for one in talk.slides],
        "links": [label(one) for one in talk.links],
        "codes": list(talk.codes),
        "url": talk.url,
        "recordings": list(talk.recordings),
    }
    file = TalkFile.model_validate({name: one for name, one in row.items() if one is not None})
    return file.id == talk.id


def person(one: Speaker) -> dict[str, str]:
    row = {"name": one.name, "role": one.role, "affiliation": one.affiliation, "url": one.url}
    return {name: value for name, value in row.items() if value is not None}


def label(one: Link) -> dict[str, str]:
    return {"url": one.url, "label": one.label}


@every_case
def test_programme_gives_clean_text(case: Case) -> None:
    for event in case.read(case.body):
        lines = [line for talk in event.talks for line in lines_of(talk)]
        assert lines == [clean(line) for line in lines]
        blocks = [talk.summary for talk in event.talks if talk.summary]
        assert blocks == [clean_block(block) for block in blocks]


def lines_of(talk: Talk) -> list[str]:
    named = [(one.name, one.role, one.affiliation) for one in talk.speakers]
    people = [line for one in named for line in one]
    labels = [one.label for one in (*talk.slides, *talk.links)]
    lines = [talk.title, talk.track, *talk.tags, *talk.codes, *people, *labels]
    return [line for line in lines if line is not None]


@every_case
def test_programme_gives_whole_lengths(case: Case) -> None:
    lengths = [talk.length for one in case.read(case.body) for talk in one.talks if talk.length]
    assert [one for one in lengths if one <= timedelta(0) or one.microseconds] == []


@every_case
def test_programme_reads_the_same_when_it_reads_again(case: Case) -> None:
    assert case.read(case.body) == case.read(case.body)


@every_case
def test_programme_answers_the_same_when_it_is_asked_again(case: Case) -> None:
    if case.file:
        return
    programme, fetch = case.programme(), case.fetch(case.body)
    first = tuple(programme.read(fetch, case.where))
    assert tuple(programme.read(fetch, case.where)) == first


@every_case
def test_programme_passes_on_that_nothing_is_there(case: Case) -> None:
    with pytest.raises(SourceError):
        tuple(case.programme().read(NO_NETWORK, case.where or "no-such-folder"))


@every_case
def test_programme_says_of_what_is_no_address_that_it_cannot_be_read(case: Case) -> None:
    fetch = FakeFetch({}) if case.file else case.fetch(case.body)
    with pytest.raises(SourceError, match=r"\[example"):
        tuple(case.programme().read(fetch, "https://[example.org/teaconf"))


@every_case
@pytest.mark.parametrize(
    "body", [b"", b"\n", b"<!DOCTYPE html><html><p>Not found", b"\xff\xfe\x00"]
)
def test_programme_takes_what_is_none_for_unknown(case: Case, body: bytes) -> None:
    with pytest.raises(SourceError):
        case.read(body)


@every_case
@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200))
def test_programme_answers_noise_with_source_error_only(case: Case, body: bytes) -> None:
    survives(case, body)


@every_case
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_programme_answers_damage_with_source_error_only(case: Case, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(case.body)))
    end = data.draw(st.integers(start, min(len(case.body), start + 40)))
    noise = data.draw(st.binary(max_size=10) | st.text(max_size=5).map(encoded))
    tail = data.draw(st.sampled_from([case.body[end:], b""]))
    survives(case, case.body[:start] + noise + tail)


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def survives(case: Case, body: bytes) -> None:
    try:
        events: tuple[Imported, ...] = case.read(body)
    except SourceError:
        return
    for event in events:
        ids = [talk.id for talk in event.talks]
        assert ids == list(dict.fromkeys(ids))


@every_case
def test_programme_refuses_an_unknown_option(case: Case) -> None:
    with pytest.raises(ConfigError, match="no option 'colour'"):
        case.programme(colour="green")


@every_kind
def test_kind_has_a_case_here(kind: str) -> None:
    assert kind in {case.kind for case in CASES.values()}


@every_kind
def test_kind_is_the_name_of_its_module_and_test(kind: str) -> None:
    assert plugins.load("programmes", kind).__module__ == f"pipeline.programmes.{module_of(kind)}"
    assert Path(__file__).with_name(f"test_{module_of(kind)}.py").exists()


@every_kind
def test_kind_has_documentation_with_a_command(kind: str) -> None:
    section = re.search(rf"^## {kind}\n(.*?)(?=^## |\Z)", DOCS, re.MULTILINE | re.DOTALL)
    assert section
    assert re.search(rf"^    recap import {kind} \S", section[1], re.MULTILINE)


def test_every_documented_kind_exists() -> None:
    assert set(re.findall(r"^    recap import ([a-z-]+) \S", DOCS, re.MULTILINE)) == set(
        plugins.BUILT_IN["programmes"]
    )


@every_kind
def test_kind_reaches_the_network_only_through_fetch(kind: str) -> None:
    assert not imports(f"pipeline.programmes.{module_of(kind)}") & {
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
    near = [name for name in names if name.startswith("pipeline.programmes._")]
    return {name.partition(".")[0] for name in names}.union(*map(imports, near))


def imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found
