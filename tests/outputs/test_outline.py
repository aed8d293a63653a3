from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.outputs._outline import Outline, outline
from pipeline.wording import wording
from tests.builders import collection, entry, published
from tests.outputs import samples
from tests.outputs.samples import only


def test_outline_says_what_an_event_is_and_how_far_it_is() -> None:
    made = outline(published(entry(1, sequence=1), entry(2), city="Berlin"), wording=wording("en"))
    assert made == Outline(
        id="teaconf-2031",
        name="TeaConf 2031",
        language="en",
        direction="ltr",
        when="17 and 18 May 2031",
        where="Berlin",
        bar=(("out", 1), ("to-come", 1)),
        progress="1 of 2 recordings out",
    )


@pytest.mark.parametrize(
    ("older", "said"), [(1, "1 older event is not listed"), (7, "7 older events are not listed")]
)
def test_page_of_all_says_how_many_events_it_leaves_out(older: int, said: str) -> None:
    made = replace(collection(samples.thirteen(), alone=False), older=older)
    assert said in only("page", made)


def test_page_of_all_says_nothing_where_it_lists_every_event() -> None:
    assert "not listed" not in only("page", collection(samples.thirteen(), alone=False))
