"""Is everything that the pipeline stands on in order? One finding a thing, and what to do.

    finding    what is found of one thing, and how bad it is
    files      configuration, dataset, secrets
    machine    folders, room, versions, the state database, the lock, the clock
    reach      watch lists, deliveries and mail servers, asked once; nothing is saved or sent
    rounds     all of it, in order

Changes nothing, but for what `repair` writes when a person asks for it.
"""

from pipeline.doctor.finding import Finding, Level, worst
from pipeline.doctor.rounds import examine

__all__ = ["Finding", "Level", "examine", "worst"]
