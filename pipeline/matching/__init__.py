"""Which video is which talk, how sure, and why.

    reading     titles into parts and words; the names of an event
    lexicon     how much each word tells, which spellings are one word
    names       is a speaker named, and how well
    scripts     how a name sounds, for one that is written in another script
    nicknames   which short forms stand for which first names
    people      how the speakers of an event may be written, and whom a title names
    anchors     which talks a video's links name exactly
    candidates  talks and videos prepared; which pairs are worth a comparison
    titles      how alike two titles are
    evidence    all that speaks for and against a pair, as named features and reasons
    company     what the linked uploads have in common, and what follows for the next
    batch       how much of what came out together is the event's; which talks are taken
    copies      several uploads of one talk: mirrors, parts, languages
    chapters    uploads that hold several talks
    calibration what each feature weighs, learnt from labelled events
    verdict     probability; AUTO, REVIEW or NONE for one video
    assignment  one talk, one recording; the order of the above
    claims      which talks of other events a video may be of; what two events claim
    weights     the other numbers and word lists that this is decided by

Pure: no file, no clock, no chance. Video ids are never read, only compared as keys.
Nothing is concluded from absence: that a talk is the only one left, or that a video is the only
one there is, never makes a link, because the right one may not have come yet.
"""

from pipeline.matching.assignment import match
from pipeline.matching.candidates import Sight, sights
from pipeline.matching.weights import VERSION

__all__ = ["VERSION", "Sight", "match", "sights"]
