"""The switch for keys: a person turns them off, or on again, in this browser."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from pipeline.web.desk.frame import KEYS, OFF, Fields, field_of, router_of
from pipeline.web.guard import guard_of, local_path
from pipeline.web.pages import go_to

LASTS_S = 400 * 86_400
"""Browsers keep no cookie for longer (RFC 6265bis, 5.5)."""

router = router_of("/desk/keys")


@router.post("")
def turn(request: Request, fields: Fields) -> Response:
    """Turn the keys on or off, and go back to the page."""
    made = go_to(local_path(field_of(fields, "here")))
    is_off = field_of(fields, "keys") == OFF
    made.set_cookie(
        KEYS,
        OFF if is_off else "",
        max_age=LASTS_S if is_off else 0,
        path="/desk",
        secure=guard_of(request).is_https(request),
        httponly=True,
        samesite="strict",
    )
    return made
