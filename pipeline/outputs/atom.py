"""Kind `atom`: a collection's newest talks as atom.xml. Must not choose or order entries."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.model import Artifact, Collection, Site
from pipeline.outputs import _feedgen, _items
from pipeline.templating import Templates


class AtomOutput:
    """Renders every collection as an Atom feed (RFC 4287)."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def render(self, collection: Collection, site: Site) -> Iterable[Artifact]:
        """Render `atom.xml`, or its archive page; an empty collection gives a feed without entries.

        `feed.xml` is a copy for those who guess the address (docs/design/feeds.md).
        """
        if collection.kind == "feeds":
            return ()
        feed = _items.feed(collection, site, templates=self._templates)
        file, body = _items.file_path(_feedgen.ATOM, feed.page), _feedgen.atom(feed)
        names = (file, "feed.xml") if collection.is_guessed else (file,)
        return tuple(Artifact(path=f"{collection.path}{name}", body=body) for name in names)
