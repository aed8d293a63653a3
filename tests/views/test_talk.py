from __future__ import annotations

import pytest

from pipeline.model import Speaker
from pipeline.views import talk as views


def test_view_speaker_is_name_role_and_affiliation() -> None:
    speaker = Speaker(name="Ada Example", role="Security Engineer", affiliation="Teapot")

    assert views.view_speaker(speaker) == views.SpeakerView(
        name="Ada Example", about="Security Engineer, Teapot", affiliation="Teapot"
    )


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://example.org/", True),
        ("javascript:alert(1)", False),
        ("//example.org/", False),
        ("https:", False),
        ("http://[", False),
        ("https://[::1]/tea", True),
        ("https://example.org", True),
        ("https://example.org:8443/a?b#c", True),
        ("https://tée.example/pot", True),
        ("https://example.org/[tea]", True),
        ("http:///tea", False),
        (None, False),
    ],
)
def test_view_links_to_web_addresses_only(url: str | None, good: bool) -> None:
    assert views.web_address(url) == (url if good else None)
