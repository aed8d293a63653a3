"""What leaves the house: what was told already, what is due, and each thing once.

    outbox      what each delivery was told, and what it has still to be told
    delivering  what began or ended is noted, and what is due is sent
    letter      a mail to one recipient, and how far it has come
    letters     mails on their way, one row each
    provenance  the announcements that this state's own runs have made
    posting     letters that are due leave, each once
    pings       what the WebSub hub was told, and telling it

What a message says is made elsewhere (`alerting`, `mail`).
"""
