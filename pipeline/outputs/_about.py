"""What search engines and messengers are told of a page: OpenGraph, and schema.org as JSON-LD.

Must not invent: a property that is not known is left out, the date of an upload for instance, which
is not ours to tell. Look and wording stand in templates/page/.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from markupsafe import Markup

from pipeline.model import Event, Site
from pipeline.views.event import EventView, watchable_sentence
from pipeline.views.talk import TalkView

# What could end the element or the line for an older parser of scripts (HTML, 4.12.1.3).
_UNSAFE = "<>&\u2028\u2029"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A page for those who do not read it: all addresses are absolute; `data` is JSON-LD."""

    title: str
    description: str
    address: str
    site: str
    image: str | None = None
    data: Markup | None = None


def about_event(view: EventView, event: Event, site: Site, *, page: str = "") -> About:
    """Return what is told of a page of an event; of the recap page, as schema.org too."""
    address = f"{site.url}{event.id}/"
    pictures = [talk.picture.path for talk in view.talks if talk.picture]
    return About(
        title=view.title,
        description=watchable_sentence(view),
        address=f"{address}{page}",
        site=site.title,
        image=f"{site.url}{pictures[0]}" if pictures else None,
        data=None if page else embed(_event(view, event, site)),
    )


def embed(data: Mapping[str, object]) -> Markup:
    """Return JSON that is safe inside a script element."""
    text = orjson.dumps(data).decode()
    for sign in _UNSAFE:
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - nothing in it can end the element


def _event(view: EventView, event: Event, site: Site) -> dict[str, object]:
    place = {"name": event.venue, "address": _address(event)} if event.venue or event.city else None
    return _known(
        {
            "@context": "https://schema.org",
            "@type": "Event",
            "name": event.name,
            "startDate": event.start.isoformat(),
            "endDate": event.end.isoformat(),
            "url": view.website,
            "inLanguage": event.language,
            "location": place and _known({"@type": "Place", **place}),
            "recordedIn": [_video(talk, view, site) for talk in view.talks if talk.watch],
        }
    )


def _address(event: Event) -> dict[str, object]:
    return _known(
        {
            "@type": "PostalAddress",
            "addressLocality": event.city,
            "addressCountry": event.country,
        }
    )


def _video(talk: TalkView, view: EventView, site: Site) -> dict[str, object]:
    people = [
        _known(
            {
                "@type": "Person",
                "name": speaker.name,
                "affiliation": speaker.affiliation
                and {"@type": "Organization", "name": speaker.affiliation},
            }
        )
        for speaker in talk.speakers
    ]
    return _known(
        {
            "@type": "VideoObject",
            "@id": f"{site.url}{view.id}/#{talk.id}",
            "name": talk.title,
            "description": talk.notes_line or talk.title,
            "url": talk.watch,
            "thumbnailUrl": talk.picture and f"{site.url}{talk.picture.path}",
            "duration": _duration(talk.seconds),
            "inLanguage": talk.language,
            "creator": people,
        }
    )


def _duration(seconds: int | None) -> str | None:
    """Return a length as ISO 8601 writes it, such as PT26M7S."""
    if seconds is None:
        return None
    minutes, rest = divmod(seconds, 60)
    return f"PT{minutes}M{rest}S"


def _known(data: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in data.items() if value}
