"""The pictures of recordings: fetched once, kept on this machine, placed below feeds/.

    picture     what a picture is, by its bytes; and what the ledger says of one
    tries       when a preview image that cannot be had may be asked for again
    collecting  the pictures of one pass: which are lacking, and what comes of asking

So that whoever reads a page or a feed is shown to nobody else. The ledger names a picture and its
hash; pages are made of that alone. A picture that cannot be had never fails a run.
"""

from pipeline.stills.collecting import Stills
from pipeline.stills.picture import Picture, kept, parse_picture

__all__ = ["Picture", "Stills", "kept", "parse_picture"]
