"""What pages, mails, Markdown and feeds show: an event and its talks in people's words.

    event     counts, what is new, and sentences about both
    talk      one talk as it is shown: titles, standing, recordings, links
    words     numbers, days, lengths and lists of names
    notes     Markdown of the dataset as safe HTML, and as one line
    markdown  text, addresses and notes written into Markdown of ours

Pure reading of the event as published; look and layout stand in templates/.
"""
