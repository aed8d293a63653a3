"""Kind `jsonfeed`: a collection's newest talks as feed.json. Must not choose or order entries."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pipeline.model import Artifact, Collection, Site
from pipeline.outputs import _items
from pipeline.outputs._items import Item
from pipeline.outputs._view import stamp
from pipeline.templating import Templates


class JsonFeedOutput:
    """Renders every collection as a JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `feed.json`; an empty collection gives a valid feed without items."""
        feed = _items.feed(collection, site, templates=self._templates)
        whole = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.home,
            "feed_url": f"{feed.base}feed.json",
            "description": feed.description,
            "language": feed.language,
            "items": [_item(item) for item in feed.items],
        }
        text = json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
        return (Artifact(path=f"{collection.path}feed.json", body=text.encode()),)


def _item(item: Item) -> dict[str, object]:
    made: dict[str, object] = {
        "id": item.id,
        "url": item.link,
        "title": item.title,
        "content_html": item.html,
        "date_published": stamp(item.published),
        "date_modified": stamp(item.updated),
        "authors": [{"name": name} for name in item.authors],
        "language": item.language,
    }
    return made | ({"tags": list(item.categories)} if item.categories else {})
