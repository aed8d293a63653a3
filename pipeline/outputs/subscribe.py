"""Kind `subscribe`: subscribe.html, every way to follow an event, or all events together.

Must not promise that a recording will come, nor say when anybody last looked for one. Look and
wording stand in templates/page/.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit

from pipeline.model import Artifact, Collection, Entry, PublishedEvent, Site
from pipeline.outputs._about import About, about_event
from pipeline.selection.topics import tracks
from pipeline.templating import Templates
from pipeline.views.event import EventView, view_event, watchable_sentence
from pipeline.views.talk import TalkView, view_talk
from pipeline.wording import Wording, wording

NAME = "subscribe.html"

SHOWN = 5
"""Talks that the page shows as what arrives in a reader."""

# Where the readers take an address to subscribe to, as their own buttons do.
_READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed/"),
    ("Inoreader", "https://www.inoreader.com/?add_feed="),
    ("NewsBlur", "https://www.newsblur.com/?url="),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url="),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A file to subscribe to: what it is, for whom, and where, from the page's folder."""

    name: str
    about: str
    path: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Where the mail field sends an address to, and what goes along."""

    action: str
    hidden: tuple[tuple[str, str], ...]


class SubscribeOutput:
    """Renders the page on which people find out how to follow."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `subscribe.html`; links within the site are relative."""
        if collection.event:
            html = self._event(collection, collection.event, site)
        elif collection.kind == "all" and collection.page is None:
            html = self._all(collection, site)
        else:
            return ()
        return (Artifact(path=f"{collection.path}{NAME}", body=html.encode()),)

    def _event(self, collection: Collection, published: PublishedEvent, site: Site) -> str:
        event, view = published.event, view_event(published)
        by_id = {talk.id: talk for talk in view.talks}
        arrivals = [(by_id[one.talk_id], view.short_name) for one in collection.entries[:SHOWN]]
        return self._page(
            collection,
            site,
            view.wording,
            about=about_event(view, event, site, page=NAME),
            summary=_summary(view),
            arrivals=arrivals,
            zone=event.timezone,
            ways=_ways(view.wording, event_tracks=tuple(tracks(published).items()), alone=True),
            event=view,
        )

    def _all(self, collection: Collection, site: Site) -> str:
        spoken = wording(site.language)
        shown = collection.entries[:SHOWN]
        title = spoken.gettext("Follow: %(title)s") % {"title": site.title}
        summary = spoken.gettext("Talks of every event here, each on the day its recording is out.")
        return self._page(
            collection,
            site,
            spoken,
            about=About(
                title=title, description=summary, address=f"{site.url}{NAME}", site=site.title
            ),
            summary=summary,
            arrivals=[(_talk(one, site, spoken), one.event_name) for one in shown],
            zone=site.timezone,
            ways=_ways(spoken, event_tracks=(), alone=False),
            event=None,
        )

    def _page(
        self,
        collection: Collection,
        site: Site,
        spoken: Wording,
        *,
        about: About,
        summary: str,
        arrivals: Sequence[tuple[TalkView, str]],
        zone: str,
        ways: Sequence[Way],
        event: EventView | None,
    ) -> str:
        feed = f"{site.url}{collection.path}atom.xml"
        return self._templates.render(
            "page/subscribe.html",
            language=spoken.language,
            event=event,
            site=site,
            about=about,
            summary=summary,
            feed=feed,
            readers=[(name, f"{address}{quote(feed, safe='')}") for name, address in _READERS],
            form=_form(site.subscribe_url) if site.subscribe_url else None,
            ways=ways,
            arrivals=arrivals,
            zone=zone,
        )


def _summary(view: EventView) -> str:
    """Return the sentences below the headline: how much can be watched, and what to do."""
    said = [watchable_sentence(view)]
    if view.to_come:
        form = view.wording.gettext("Pick one way below, and what comes out next will find you.")
        said.append(form)
    return " ".join(said)


def _talk(entry: Entry, site: Site, spoken: Wording) -> TalkView:
    return view_talk(entry, zone=site.timezone, new=False, wording=spoken)


def _ways(
    spoken: Wording, *, event_tracks: Sequence[tuple[str, str]], alone: bool
) -> tuple[Way, ...]:
    """Return the other ways to follow; `alone` says that the page is of one event."""
    up = "../" if alone else ""
    plain = (
        Way(
            name="RSS 2.0",
            about=spoken.gettext("For mail tools and older readers"),
            path="rss.xml",
            label="rss.xml",
        ),
        Way(
            name="JSON Feed",
            about=spoken.gettext("For scripts and apps"),
            path="feed.json",
            label="feed.json",
        ),
    )
    parts = tuple(
        Way(
            name=name,
            about=spoken.gettext("This track only"),
            path=f"tracks/{slug}/atom.xml",
            label="atom.xml",
        )
        for slug, name in event_tracks
    )
    together = Way(
        name=spoken.gettext("All events"),
        about=spoken.gettext("Every recording of every event"),
        path="../atom.xml",
        label="atom.xml",
    )
    listed = Way(
        name=spoken.gettext("All feeds"),
        about=spoken.gettext("To import into a reader"),
        path=f"{up}feeds.opml",
        label="feeds.opml",
    )
    return (*plain, *parts, *((together,) if alone else ()), listed)


def _form(url: str) -> Form:
    """Return the form that posts an address to `url`; its query goes along as hidden fields."""
    parts = urlsplit(url)
    return Form(
        action=urlunsplit(parts._replace(query="", fragment="")),
        hidden=tuple(parse_qsl(parts.query, keep_blank_values=True)),
    )
