"""Where a shown value comes from, and by which rule it won: the chain behind talks and videos.

    facts    one value with its source, time, rule and person; what an explanation looks at
    texts    what event.yaml, programme.yaml and uploads say of a talk
    links    whose word ties a video to its talk, what it overruled, and the runner-up
    talks    everything shown of a talk
    videos   everything known of a video

Explains the answer of `passage.take`, and decides nothing itself. Pure: the files' places come in
as parsed documents.
"""

from pipeline.why.facts import Answer, Case, Fact, open_case
from pipeline.why.talks import explain_talk
from pipeline.why.videos import explain_stranger, explain_video

__all__ = [
    "Answer",
    "Case",
    "Fact",
    "explain_stranger",
    "explain_talk",
    "explain_video",
    "open_case",
]
