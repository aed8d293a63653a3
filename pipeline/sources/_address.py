"""Addresses of lists as people paste them from a browser. Pure."""

from __future__ import annotations

from collections.abc import Container
from urllib.parse import urlsplit

from pipeline.text import clean, mask


def steps(url: str, *, hosts: Container[str], base: str, site: str, thing: str) -> list[str]:
    """Return the parts of the path of a pasted address, which may lack its scheme.

    `hosts` are those of the platform and `base` is the address of the server that is asked;
    `site` and `thing` say in messages what is meant. Raises ValueError with what to paste instead.
    """
    address = clean(url, limit=2000)
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
        host = (parts.hostname or "").lower()
    except ValueError as error:
        raise ValueError(f"{mask(address)!r} is no web address; paste it from a browser") from error
    if host not in hosts and host != urlsplit(base).hostname:
        raise ValueError(f"{mask(address)!r} is no address of {site}; paste the {thing}'s")
    return [step for step in parts.path.split("/") if step]
