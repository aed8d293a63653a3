"""A programme into an event's programme.yaml: for the command, the refresh in a run, a new event.

    planning    read, bind, render: what an import would write, and what a person is asked first
    refreshing  the same by schedule, within a run; only what is beyond doubt is applied
    archive     every event of an archive, new ones too, each on its own
    starter     an event.yaml for an event that is new

Writes programme.yaml and nothing else, but for the event.yaml of a new event. Which talk is which
is `merging.binding`'s business, what a programme says its kind's.
"""

from pipeline.importing.archive import plans
from pipeline.importing.planning import Plan, check_origin, kept_apart, located, plan, read, write
from pipeline.importing.refreshing import OpenFetch, Refresher, single
from pipeline.importing.starter import Starter, starter

__all__ = [
    "OpenFetch",
    "Plan",
    "Refresher",
    "Starter",
    "check_origin",
    "kept_apart",
    "located",
    "plan",
    "plans",
    "read",
    "single",
    "starter",
    "write",
]
