from __future__ import annotations

import pytest

from pipeline.errors import DatasetError
from pipeline.looking import check_watches
from pipeline.model import Event
from pipeline.written.watches import Lists
from tests.builders import event, watch
from tests.looking.servers import FOLDER, URL


def problems(one: Event, *, lists: Lists | None = None) -> list[tuple[str, str]]:
    """Return file and path of each problem."""
    with pytest.raises(DatasetError) as caught:
        check_watches(one, folder=FOLDER, file="event.yaml", lists=lists)
    return [(problem.file, problem.path) for problem in caught.value.problems]


def test_check_watches_names_every_list_that_cannot_be_looked_at() -> None:
    one = event(watches=(watch("a", options={}), watch("b", kind="teapot")))
    assert problems(one) == [("event.yaml", "watch[0]"), ("event.yaml", "watch[1]")]


def test_check_watches_names_config_yaml_for_the_list_of_a_series() -> None:
    fine = watch("a", options={"url": URL})
    shared = [watch(name, options={}, series="teaconf") for name in ("b", "c")]
    assert problems(event(watches=(fine, *shared))) == [
        ("config.yaml", "series.teaconf.watch[0]"),
        ("config.yaml", "series.teaconf.watch[1]"),
    ]


def test_check_watches_names_a_fallback_that_cannot_be_looked_at() -> None:
    one = watch(options={"url": URL}, fallback=watch(kind="teapot", options={"url": URL}))
    assert problems(event(watches=(one,))) == [("event.yaml", "watch[0].fallback")]


def test_check_watches_names_config_yaml_for_options_of_a_kind() -> None:
    one = event(watches=(watch(options={"url": URL}),))
    lists = Lists(options={"file": {"formt": "json"}})
    assert problems(one, lists=lists) == [("config.yaml", "sources.file")]


def test_check_watches_is_content_with_what_an_option_of_the_kind_adds() -> None:
    one = event(watches=(watch(options={}),))
    check_watches(
        one, folder=FOLDER, file="event.yaml", lists=Lists(options={"file": {"url": URL}})
    )
