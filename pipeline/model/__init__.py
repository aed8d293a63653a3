"""The words of the field as types, and the seams as Protocols; no behaviour beyond reading.

    programme   what people write: Event, Talk, Speaker, Watch, Decision; Imported
    listing     what watch lists show: Video, Listing; and what matching says: Match
    record      the ledger's rows: SeenVideo, Release, Announcement
    published   the event as outputs see it: Entry, Collection, Artifact
    run         what a run was asked for, and what it did: Want, RunReport
    message     what people are told: Notice, Message, Draft, and how it went
    seam        Source, Programme, Output, Delivery, Store, Fetch

Frozen, keyword-only dataclasses. Sequences are tuples, absent is None, datetimes are aware UTC
in whole seconds, durations are timedelta. Texts are already cleaned (see `text.clean`).
Nothing here reads a file, a clock or the network.
"""

from pipeline.model.listing import (
    Access,
    Completeness,
    Cue,
    Known,
    Listing,
    Match,
    Verdict,
    Video,
)
from pipeline.model.message import Draft, Message, Notice, Placed, Receipt
from pipeline.model.programme import (
    Barred,
    Decision,
    Event,
    Expectation,
    Imported,
    Link,
    Origin,
    Plan,
    Rules,
    Speaker,
    Talk,
    Verb,
    Watch,
)
from pipeline.model.published import (
    Artifact,
    Collection,
    CollectionKind,
    Entry,
    FeedLink,
    PublishedEvent,
    Recording,
    Site,
    Standing,
)
from pipeline.model.record import (
    Announcement,
    Gap,
    Installation,
    Ledger,
    Misses,
    Release,
    SeenVideo,
    TargetState,
    WatchRow,
)
from pipeline.model.run import (
    EventReport,
    Outcome,
    Question,
    RunReport,
    Want,
    WatchReport,
)
from pipeline.model.seam import (
    Connect,
    Delivery,
    DeliveryOptions,
    DraftTool,
    EventFiles,
    Fetch,
    Mark,
    Output,
    Post,
    Programme,
    Response,
    Secret,
    Source,
    Store,
)

__all__ = [
    "Access",
    "Announcement",
    "Artifact",
    "Barred",
    "Collection",
    "CollectionKind",
    "Completeness",
    "Connect",
    "Cue",
    "Decision",
    "Delivery",
    "DeliveryOptions",
    "Draft",
    "DraftTool",
    "Entry",
    "Event",
    "EventFiles",
    "EventReport",
    "Expectation",
    "FeedLink",
    "Fetch",
    "Gap",
    "Imported",
    "Installation",
    "Known",
    "Ledger",
    "Link",
    "Listing",
    "Mark",
    "Match",
    "Message",
    "Misses",
    "Notice",
    "Origin",
    "Outcome",
    "Output",
    "Placed",
    "Plan",
    "Post",
    "Programme",
    "PublishedEvent",
    "Question",
    "Receipt",
    "Recording",
    "Release",
    "Response",
    "Rules",
    "RunReport",
    "Secret",
    "SeenVideo",
    "Site",
    "Source",
    "Speaker",
    "Standing",
    "Store",
    "Talk",
    "TargetState",
    "Verb",
    "Verdict",
    "Video",
    "Want",
    "Watch",
    "WatchReport",
    "WatchRow",
]
