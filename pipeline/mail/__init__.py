"""A mail made whole: from an event as published to the bytes that leave.

Must not send, nor know of accounts and recipients' lists.
"""
