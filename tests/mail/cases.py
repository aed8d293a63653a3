"""Mails and their makers that the tests of this folder share; every text is invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pipeline.mail.compose import Mail, compose
from pipeline.mail.settings import MailSettings
from pipeline.model import Entry, PublishedEvent, Recording, Speaker, Standing
from pipeline.templating import Templates
from tests.builders import SITE, entry, published
from tests.outputs.samples import HOSTILE, released

TEMPLATES = Templates()
LEAVING = MailSettings(
    reason="You asked for it at TeaConf, 1 Example Street.",
    unsubscribe=("https://example.org/bye",),
)

_ATTACKS = (
    "=?utf-8?Q?x=0D=0ABcc:_evil@example.org?=",
    "x\r\nBcc: evil@example.org",
    "{{ 7 * 7 }} {% raw %} {# x #} *|FNAME|*",
    "{{{ x {% y *|*|Z",
    "https://evil.example.org/@TrackLink",
    "</title></style></p><script>alert(1)</script>",
    "<!--[if mso]><b>x</b><![endif]-->",
    "<![endif]--> --> <!-- ` {{ Safe `",
    '"><img src=x onerror=alert(1)>',
    "--recap-boundary--",
    ".\r\n.\r\nQUIT",
    "From evil@example.org",
    "شاي بالنعناع \N{TEACUP WITHOUT HANDLE}",
    "*_`[](javascript:x)!\\",
    "% %s %(x)s %%",
)
_FRAMES = ("%s", "Tea %s", "%s tea", "%s%s", "{%s}", "<b>%s</b>", "“%s”", "%s\N{EN DASH}%s", "*%s|")
_TIMES = (1, 2, 7)


def hostile_titles() -> tuple[str, ...]:
    """Return several hundred titles that would be a header, a tag or markup somewhere."""
    made = [
        (frame.replace("%s", attack) + " ") * times
        for attack in (*_ATTACKS, *HOSTILE)
        for frame in _FRAMES
        for times in _TIMES
    ]
    return tuple(dict.fromkeys(made))


def made(event: PublishedEvent, *talks: str, **more: Any) -> Mail:
    """Return the mail about `event` that tells of `talks`."""
    values: dict[str, Any] = {"settings": MailSettings(), "templates": TEMPLATES, "markdown": True}
    return compose(event, SITE, talks=talks, **{**values, **more})


def three() -> PublishedEvent:
    """Return an event with two talks out, the second since later, and one to come."""
    return published(released(1, 19), released(2, 20), entry(3, title=None))


def large(
    count: int, *, out: int, title: str = "", speakers: int = 1, url: str = "", **more: Any
) -> PublishedEvent:
    """Return an event of `count` talks, the first `out` of them out, with one title for all."""
    return published(
        *(
            _talk(number, out=out, title=title, speakers=speakers, url=url)
            for number in range(1, count + 1)
        ),
        **more,
    )


def _talk(number: int, *, out: int, title: str, speakers: int, url: str) -> Entry:
    one = entry(number, sequence=number if number <= out else None)
    if title:
        person = Speaker(name=title, role=title, affiliation=title)
        one = replace(one, title=title, summary=title, speakers=(person,) * speakers)
    if url and one.recordings:
        one = replace(one, recordings=(replace(one.recordings[0], url=url),))
    return one


def ids(first: int, last: int) -> Sequence[str]:
    """Return the ids of the talks from `first` to `last`."""
    return [f"talk-{number}" for number in range(first, last + 1)]


def pictured(number: int = 1, **more: Any) -> Entry:
    """Return a released entry whose recording has a stored picture."""
    one = released(number, 19, **more)
    recording: Recording = replace(
        one.recordings[0],
        image=f"img/teaconf-2031/{number}.jpg",
        image_width=480,
        image_height=360,
        duration=timedelta(minutes=26),
    )
    return replace(one, recordings=(recording,))


def without(number: int, standing: Standing) -> Entry:
    """Return an entry of a talk that cannot be watched."""
    return entry(number, standing=standing)
