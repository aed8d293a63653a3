"""The steps of a pass that `run.py` puts in order.

    ground      the files that every event depends on, and a clock that can be trusted
    roster      which events a pass takes, and what becomes of the others
    opening     events opened ahead of their turn, their looks planned meanwhile
    neighbours  what other events have of the videos that an event would link
    printing    what is dirty, rendered and staged; the feeds that events share
    spool       notes and archive pages, laid aside until the shared feeds need them
    garbage     how often Python looks for reference cycles meanwhile
    telling     the log of a pass, with ids
    memory      what a process keeps between passes, so that cost follows the change

Each knows its own step; only `run.py` knows their order.
"""
