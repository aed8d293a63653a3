from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.web.visits import LASTS, Visits, is_token
from tests.builders import NOW
from tests.web.asking import TOKEN


@pytest.fixture
def visits() -> Visits:
    return Visits(TOKEN)


def test_a_cookie_is_read_as_it_was_given(visits: Visits) -> None:
    guest, member = visits.begin(NOW), visits.begin(NOW, signed_in=True)
    read = [visits.read(visits.cookie(one), now=NOW) for one in (guest, member)]
    assert read == [guest, member]


def test_a_cookie_survives_a_restart_and_dies_with_the_token(visits: Visits) -> None:
    visit = visits.begin(NOW, signed_in=True)
    cookie = visits.cookie(visit)
    found = [Visits(token).read(cookie, now=NOW) for token in (TOKEN, f"{TOKEN}!", None)]
    assert found == [visit, None, None]


def test_a_cookie_cannot_be_changed(visits: Visits) -> None:
    cookie = visits.cookie(visits.begin(NOW))
    raised = cookie.replace(".guest.", ".in.")
    shorter = cookie[:-1]
    assert raised != cookie
    assert [visits.read(one, now=NOW) for one in (raised, shorter, "", "a.b.c.d")] == [None] * 4


def test_a_cookie_ends_after_its_time_and_is_not_of_the_future(visits: Visits) -> None:
    visit = visits.begin(NOW)
    cookie = visits.cookie(visit)
    moments = (NOW + LASTS, NOW + LASTS + timedelta(seconds=1), NOW - timedelta(seconds=1))
    assert [visits.read(cookie, now=now) for now in moments] == [visit, None, None]


def test_a_form_token_is_one_visitors_own(visits: Visits) -> None:
    ada, grace = visits.begin(NOW), visits.begin(NOW)
    token = visits.form_token(ada)
    assert visits.is_form_token(token, visit=ada)
    assert not visits.is_form_token(token, visit=grace)
    assert not visits.is_form_token(visits.cookie(ada), visit=ada)


@pytest.mark.parametrize("given", ["", TOKEN[:-1], TOKEN.upper(), "äöü", "\udcff"])
def test_a_wrong_token_is_wrong_whatever_it_is(given: str) -> None:
    assert not is_token(given, TOKEN)
    assert is_token(TOKEN, TOKEN)
