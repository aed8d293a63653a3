"""Importing programmes: plans, new events, archives and the refresh within a run."""
