"""The state database: what makes passes cheaper, and may be lost.

    database    looks, HTTP validators, past runs
    opening     its file: opened, brought to the current version, moved aside if damaged
    tables      its tables as SQLAlchemy knows them
    migrations  the same tables, version by version

No secret, no decision and nothing that is published is ever in it.
"""
