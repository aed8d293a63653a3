"""Every event of an archive, one at a time: those that are there already, and new ones.

What is wrong with one event comes back as a value, so that it stops only itself. Writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from pipeline.dataset.folder import FolderStore, Written
from pipeline.errors import ConfigError, DatasetError, PipelineError, SourceError
from pipeline.importing.planning import Plan
from pipeline.importing.starter import event_id_of, starter
from pipeline.model import Imported

Make = Callable[[Written, Imported], Plan]
"""Makes the plan of one event."""


def plans(
    found: Iterator[Imported], *, store: FolderStore, make: Make
) -> Iterator[tuple[Plan, Written] | PipelineError]:
    """Yield the plan of each event that an archive holds, or what is wrong with it.

    A folder is told by the id that the archive's own name of the event gives; where there is none
    yet, the plan has an event.yaml to start it with. Where the archive itself cannot be read on,
    that is the last that comes.
    """
    seen: set[str] = set()
    while True:
        try:
            imported = next(found)
        except StopIteration:
            return
        except SourceError as error:
            yield error
            return
        try:
            yield _planned(imported, store=store, make=make, seen=seen)
        except (ConfigError, DatasetError, SourceError) as error:
            yield error


def _planned(
    imported: Imported, *, store: FolderStore, make: Make, seen: set[str]
) -> tuple[Plan, Written]:
    event_id = event_id_of(imported)
    if event_id in seen:
        raise SourceError(
            f"{event_id}: a second event of the archive is called that; it was left out. Import "
            "it alone, with --event and an id of its own"
        )
    seen.add(event_id)
    if store.has(event_id):
        written = store.written(event_id)
        made = make(written, imported)
        if made.touched:
            raise _by_hand(made)
        return made, written
    begun = starter(imported)
    return replace(make(begun.written, imported), event_body=begun.body), begun.written


def _by_hand(made: Plan) -> SourceError:
    return SourceError(
        f"{made.event_id}: programme.yaml was changed by hand, so it was left as it is; import "
        f"this event alone, with --event {made.event_id}, to see what was changed"
    )
