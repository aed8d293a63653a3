"""The options of a watch list, checked when its source is made. Reads nothing but the options."""

from __future__ import annotations

from difflib import get_close_matches
from urllib.parse import urlsplit

from pipeline.errors import ConfigError
from pipeline.model import Watch
from pipeline.text import clean, mask


def check_names(watch: Watch, *, known: tuple[str, ...]) -> None:
    """Raise ConfigError for options that the kind does not have; says which one was meant."""
    for name in watch.options:
        if name in known:
            continue
        close = get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"it has {', '.join(known)}"
        raise wrong(watch, f"kind {watch.kind!r} has no option {clean(name)!r}; {hint}")


def web_address(watch: Watch, name: str) -> str:
    """Return option `name`, an http or https address; raises ConfigError when it is none."""
    value = watch.options[name].strip()
    try:
        parts = urlsplit(value)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable:
        raise wrong(
            watch,
            f"{name}: {mask(value)!r} is no web address; "
            "paste it from the browser, with https:// in front",
        )
    return value


def wrong(watch: Watch, why: str) -> ConfigError:
    """Return the error that names the watch list."""
    return ConfigError(f"watch list {watch.id!r}: {why}")
