from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.matching.candidates import Sight, Texts, prepare
from pipeline.matching.company import Company, beside, company, is_before
from tests.builders import NOW, event, talk, video

TEA = event(talk("tea", "Brewing Green Tea"))
NOBODY = Company(size=0, names_event=0.0, names_speakers=0.0, dates=())


def prepared(title: str, *, days: int | None = None, only_this_event: bool = False) -> Texts:
    date = None if days is None else NOW + timedelta(days=days)
    seen = video("tea00000001", title, platform_date=date)
    return prepare(TEA, {seen.key: Sight(video=seen, only_this_event=only_this_event)})


def features(title: str, known: Company, *, days: int | None = None) -> dict[str, float]:
    texts = prepared(title, days=days)
    return beside(texts.videos[0], texts.talks[0], known, TEA)


def test_company_counts_what_the_linked_uploads_name() -> None:
    texts = [prepared("TeaConf 2031 - Brewing"), prepared("Brewing - Ada Example", days=1)]

    assert company([(one.videos[0], one.talks[0]) for one in texts], TEA) == Company(
        size=2, names_event=0.5, names_speakers=0.5, dates=(3,)
    )


def test_nothing_follows_from_no_company() -> None:
    assert features("Brewing", NOBODY, days=400) == {}


def test_an_upload_unlike_the_linked_ones_stands_out() -> None:
    known = Company(size=3, names_event=1.0, names_speakers=1.0, dates=())

    assert features("Brewing", known) == {
        "does not name the event as others do": 1.0,
        "names no speaker as others do": 1.0,
    }


def test_too_few_linked_uploads_are_no_pattern() -> None:
    assert features("Brewing", Company(size=2, names_event=1.0, names_speakers=1.0, dates=())) == {}


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (3, {"released with others": 1.0}),
        (8, {}),
        (102, {"released apart": 1.0}),
    ],
)
def test_uploads_of_one_release_stand_together(days: int, expected: dict[str, float]) -> None:
    known = Company(size=1, names_event=0.0, names_speakers=0.0, dates=(2.0,))

    assert features("Brewing", known, days=days) == expected


@pytest.mark.parametrize(("days", "expected"), [(-5, True), (-4, False), (0, False), (None, False)])
def test_is_before_allows_a_day_for_time_zones(days: int | None, expected: bool) -> None:
    assert is_before(prepared("Brewing", days=days).videos[0], TEA) is expected
