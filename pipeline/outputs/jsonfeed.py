"""Kind `jsonfeed`: a collection's newest talks as feed.json. Must not choose or order entries."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pipeline.model import Artifact, Collection, Site
from pipeline.model.same import Same
from pipeline.outputs import _items
from pipeline.outputs._items import KEPT, Feed, Item
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
    told, event = _told(Same(item)), feed.event_category(item)
    tags = [*([event] if event else ()), *item.categories]
    content = feed.lead(item) + item.html
    return {**told, "content_html": content, **({"tags": tags} if tags else {})}


# The feeds of an event and those of all say the same of a talk.
@lru_cache(maxsize=KEPT)
def _told(given: Same[Item]) -> dict[str, object]:
    """Return what an item says in every feed."""
    item = given.value
    authors = [{"name": one.name} | ({"url": one.url} if one.url else {}) for one in item.authors]
    made: dict[str, object] = {
        "id": item.id,
        "url": item.link,
        "title": item.title,
        "date_published": stamp(item.published),
        "date_modified": stamp(item.updated),
        "authors": authors,
        "language": item.language,
    }
    rest = {"summary": item.summary, "image": item.image.url if item.image else None}
    return made | {name: value for name, value in rest.items() if value}
