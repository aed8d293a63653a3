"""An event's recap in Markdown, as a wrap-up post: what `recap.md` and `recap-post.md` share.

Must not let a title, name or address become markup. Wording stands in templates/fragments/.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.model.same import Same
from pipeline.templating import Templates
from pipeline.views.event import EventView


def wrapup(
    template: str, view: EventView, *, page: str, templates: Templates, **more: object
) -> bytes:
    """Return `template` with the recap as `body`; `page` is the address of the event's page."""
    body = _body(Same(view), page, templates)
    text = _rendered(template, view, page, templates, body=body, **more)
    return text.rstrip().encode() + b"\n"


@lru_cache(maxsize=2)
def _body(view: Same[EventView], page: str, templates: Templates) -> str:
    return _rendered("fragments/body.md", view.value, page, templates)


def _rendered(
    template: str, view: EventView, page: str, templates: Templates, **more: object
) -> str:
    return templates.render(
        template,
        language=view.wording.language,
        event=view,
        page=page,
        **more,
    )
