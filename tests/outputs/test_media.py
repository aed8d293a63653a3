from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.model import Entry, Recording
from pipeline.outputs._media import Rendition, file_type, renditions
from pipeline.views.talk import watchable
from tests.builders import entry
from tests.outputs import samples


def told(given: Entry) -> tuple[Rendition, ...]:
    return renditions(watchable(given))


def with_first(**more: object) -> Entry:
    made = entry(1, sequence=1)
    return replace(made, recordings=(replace(made.recordings[0], **more),))  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://files.example.org/tea.mp4", "video/mp4"),
        ("https://files.example.org/a.b/TEA.WEBM?download=1#t=5", "video/webm"),
        ("https://files.example.org/tea.mp3", "audio/mpeg"),
        ("https://video.example.org/watch?v=tea.mp4", None),
        ("https://video.example.org/tea.html", None),
        ("https://tea.mp4", None),
        ("https://files.example.org/tea.mp4/", "video/mp4"),
        ("https://files.example.org/.mp4", None),
        ("https://files.example.org/tea.", None),
    ],
)
def test_file_type_is_told_by_the_name_of_a_known_type(url: str, kind: str | None) -> None:
    assert file_type(url) == kind


def test_rendition_of_a_page_has_no_type() -> None:
    assert told(with_first(language="de")) == (
        Rendition(
            url="https://www.youtube.com/watch?v=vid00000001",
            type=None,
            medium="video",
            seconds=1267,
            language="de",
        ),
    )


def test_rendition_of_a_sound_file_is_audio() -> None:
    (made,) = told(with_first(url="https://files.example.org/tea.opus"))

    assert (made.type, made.medium) == ("audio/ogg", "audio")


def test_rendition_lasts_whole_seconds() -> None:
    (made,) = told(with_first(duration=timedelta(seconds=61, milliseconds=700)))

    assert made.seconds == 62


@pytest.mark.parametrize("more", [{"start": timedelta(minutes=5)}, {"role": "cue"}])
def test_rendition_within_a_longer_video_has_no_length_of_its_own(more: dict[str, object]) -> None:
    (made,) = told(with_first(**more))

    assert made.seconds is None


def test_renditions_are_those_that_show_the_same_talk() -> None:
    made = told(samples.many_recordings())

    assert [one.url for one in made] == [
        "https://www.youtube.com/watch?v=vid00000001",
        "https://vimeo.com/1",
    ]


def test_renditions_leave_out_what_cannot_be_watched() -> None:
    made = samples.many_recordings()
    gone = tuple(replace(one, available=False) for one in made.recordings[1:])

    assert len(told(replace(made, recordings=(made.recordings[0], *gone)))) == 1


def test_renditions_of_a_vanished_recording_are_none() -> None:
    assert told(samples.unavailable()) == ()


def test_renditions_need_a_web_address() -> None:
    script = Recording(key="url:javascript:alert(1)", url="javascript:alert(1)//tea.mp4")

    assert told(replace(entry(1, sequence=1), recordings=(script,))) == ()
