"""Looking at watch lists: which are due, and what each showed; a failing list is a result.

    needs     what an event needs of a list, and what the events that share one need together
    hosts     whose turn it is: threads, and a queue for each host
    client    the HTTP client, as config.yaml says
    asking    one look at one list: its source, and its fallback
    checks    lists that cannot be looked at, before anything is asked
    lookout   the looks of one run, planned ahead and taken in the order of the events

Reads sources through the one fetch; writes nothing. What was learned (validators, back-off) comes
back as values, which the run stores once the sightings are saved.
"""

from pipeline.looking.asking import FetchMaker
from pipeline.looking.checks import check_watches
from pipeline.looking.client import fetch_maker, limits
from pipeline.looking.lookout import Limits, Lookout, Looks
from pipeline.looking.needs import fingerprint, known_keys

__all__ = [
    "FetchMaker",
    "Limits",
    "Lookout",
    "Looks",
    "check_watches",
    "fetch_maker",
    "fingerprint",
    "known_keys",
    "limits",
]
