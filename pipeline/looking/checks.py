"""Lists that cannot be looked at, found before anything is asked. Reads nothing but options."""

from __future__ import annotations

from pathlib import Path

from pipeline import plugins
from pipeline.errors import ConfigError, DatasetError, Problem
from pipeline.looking.needs import base_of
from pipeline.model import Event, Source, Watch
from pipeline.model.seam import Secret
from pipeline.written.watches import Lists

CONFIG = "config.yaml"


def check_watches(event: Event, *, folder: Path, file: str, lists: Lists | None = None) -> None:
    """Raise DatasetError with a Problem for each watch list of `event` that cannot be looked at.

    `file` is the event's file in messages; what is wrong with a list of a series, or with the
    options that `lists` holds for a kind, is said of config.yaml.
    """
    lists = lists or Lists()
    problems: list[Problem] = []
    index: dict[str | None, int] = {}
    for watch in event.watches:
        number = index[watch.series] = index.get(watch.series, -1) + 1
        path = f"series.{watch.series}.watch[{number}]" if watch.series else f"watch[{number}]"
        for one, place in ((watch, path), (watch.fallback, f"{path}.fallback")):
            if one is None:
                continue
            try:
                make_source(one, folder=folder, secret=_no_secret, lists=lists)
            except ConfigError as error:
                problems.append(
                    _problem(one, error, file=file, path=place, folder=folder, lists=lists)
                )
    if problems:
        raise DatasetError(tuple(problems))


def make_source(watch: Watch, *, folder: Path, secret: Secret, lists: Lists) -> Source:
    """Return the source of a list; raises ConfigError where its options are wrong."""
    made: Source = plugins.load("sources", watch.kind)(
        lists.fill(watch), folder=base_of(watch, folder=folder), secret=secret
    )
    return made


def _problem(
    watch: Watch, error: ConfigError, *, file: str, path: str, folder: Path, lists: Lists
) -> Problem:
    """Return what is wrong, said of the file that says it."""
    if watch.kind in lists.options and _is_fine(watch, folder):
        return Problem(file=CONFIG, path=f"sources.{watch.kind}", message=error.message)
    line, column = watch.place
    where = CONFIG if watch.series else file
    return Problem(file=where, line=line, column=column, path=path, message=error.message)


def _is_fine(watch: Watch, folder: Path) -> bool:
    """Tell whether a list could be looked at without the options of its kind."""
    try:
        make_source(watch, folder=folder, secret=_no_secret, lists=Lists())
    except ConfigError:
        return False
    return True


def _no_secret(name: str) -> None:
    """Return nothing: options can be checked without a secret."""
