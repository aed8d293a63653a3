from __future__ import annotations

import pytest

from pipeline.errors import ConfigError
from pipeline.why import Answer, Fact

TITLE = Fact(field="title", value="Tea", source="x", rule="y")
STANDING = Fact(field="standing", value="out", source="x", rule="y")
ANSWER = Answer(kind="talk", key="teaconf-2031/tea", title="Tea", facts=(TITLE, STANDING))


def test_only_keeps_the_facts_of_one_field() -> None:
    assert ANSWER.only("title").facts == (TITLE,)


def test_only_takes_expectation_for_standing() -> None:
    assert ANSWER.only("expectation").facts == (STANDING,)


def test_only_refuses_an_unknown_field_and_names_the_closest() -> None:
    with pytest.raises(ConfigError, match=r"no field 'titel'; did you mean 'title'\?"):
        ANSWER.only("titel")


def test_only_names_every_field_where_none_is_close() -> None:
    with pytest.raises(ConfigError, match="known: title, standing"):
        ANSWER.only("xyz")
