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
        """Render `atom.xml`; an empty collection gives a valid feed without entries."""
        feed = _items.feed(collection, site, templates=self._templates)
        return (Artifact(path=f"{collection.path}{_feedgen.ATOM}", body=_feedgen.atom(feed)),)
