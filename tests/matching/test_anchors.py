from __future__ import annotations

import pytest

from pipeline.matching.anchors import anchored
from tests.builders import talk, video

TALKS = (
    talk("page", url="https://teaconf.example.org/2031/talk/brewing/"),
    talk("code", codes=("XQ7TEA", "brewing-tea-slowly")),
    talk("short", codes=("12345", "abc")),
)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("http://www.teaconf.example.org/2031/talk/brewing?from=feed#top", {"page"}),
        ("https://programme.example.org/e/talk/xq7tea/", {"code"}),
        ("https://programme.example.org/?talk=brewing-tea-slowly", {"code"}),
        ("https://programme.example.org/XQ7TEA-slides", set()),
        ("https://programme.example.org/12345/abc", set()),
        ("https://teaconf.example.org/2031/talk", set()),
    ],
)
def test_anchored_are_the_talks_that_a_link_names_exactly(link: str, expected: set[str]) -> None:
    assert anchored(video(anchors=(link,)), TALKS) == expected


def test_anchored_is_nothing_without_links() -> None:
    assert anchored(video(), TALKS) == frozenset()
