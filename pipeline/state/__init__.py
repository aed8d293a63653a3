"""The state database: what makes passes cheaper, and may be lost.

    database    validators, looks, runs
    migrations  its tables, version by version

No secret, no decision and nothing that is published is ever in it.
"""
