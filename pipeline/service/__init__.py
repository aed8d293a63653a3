"""A process that runs for years: its clock, its passes, and the signs of life it gives.

    jobs        what is done when; starts, waits, ends at a clean point
    clockwork   APScheduler: which jobs there are, and when each runs next
    runner      passes of one process, one after another, whoever asks
    reloading   config.yaml while the process runs; a bad one keeps the old
    upkeep      what is cleared away once a day
    health      is watching well? one judgement for server, monitors and containers
    heartbeat   signs of life to a monitor elsewhere
    systemd     what a service manager is told
    logs        the log: for people on a terminal, JSON for machines

It calls `run.publish` and decides nothing about events.
"""
