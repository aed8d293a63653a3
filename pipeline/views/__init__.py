"""What pages, mails, Markdown and feeds show: an event and its talks in people's words.

    event     counts, what is new, each talk as it is shown
    words     numbers, days, lengths and lists of names
    notes     Markdown of the dataset as safe HTML, and as one line

Pure reading of the event as published; look and layout stand in templates/.
"""
