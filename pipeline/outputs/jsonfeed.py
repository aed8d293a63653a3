"""Kind `jsonfeed`: a collection's newest talks as feed.json. Must not choose or order entries."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Artifact, Collection, Site
from pipeline.outputs import _items
from pipeline.outputs._items import Feed, Item
from pipeline.outputs._json import document
from pipeline.templating import Templates
from pipeline.views.talk import stamp

FILE = "feed.json"
"""Name of the JSON Feed in a collection's folder."""


class JsonFeedOutput:
    """Renders every collection as a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `feed.json`, or its archive page; an empty collection gives a feed without items.

        What Atom calls the previous archive is `next_url` here.
        """
        if not collection.in_all_formats:
            return ()
        feed = _items.feed(collection, site, templates=self._templates)
        links = dict(feed.links(FILE))
        rest = {
            "next_url": links.get("prev-archive"),
            "hubs": [{"type": "WebSub", "url": links["hub"]}] if "hub" in links else None,
        }
        whole = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.home,
            "feed_url": f"{feed.base}{FILE}",
            "description": feed.description,
            "language": feed.language,
            **{name: value for name, value in rest.items() if value},
            "items": [_item(feed, item) for item in feed.items],
        }
        path = f"{collection.path}{_items.file_path(FILE, feed.page)}"
        return (Artifact(path=path, body=document(whole)),)


def _item(feed: Feed, item: Item) -> dict[str, object]:
    authors = [{"name": one.name} | ({"url": one.url} if one.url else {}) for one in item.authors]
    made: dict[str, object] = {
        "id": item.id,
        "url": item.link,
        "title": item.title,
        "content_html": feed.lead(item) + item.html,
        "date_published": stamp(item.published),
        "date_modified": stamp(item.updated),
        "authors": authors,
        "language": item.language,
    }
    event = feed.event_category(item)
    rest = {
        "summary": item.summary,
        "image": item.image.url if item.image else None,
        "tags": [*([event] if event else ()), *item.categories],
    }
    return made | {name: value for name, value in rest.items() if value}
