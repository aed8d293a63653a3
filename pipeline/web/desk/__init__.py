"""The desk: a person decides in the browser what `recap review` and `recap mail` ask.

    opening   one event of the dataset as the desk needs it; decisions written under the lock
    asking    a video as a question: cards, and what each answer would write and change
    frame     what every page has: the bar at the top, times in words, errors as pages
    events    /desk/, and the pages of one event: questions, and its answers
    drafts    open drafts of mails: looked at, approved, marked as sent, skipped
    runs      the run log
    keys      the switch for keys

The model is `review`'s, as on the terminal. Plain forms; what scripts add is keys. Must not decide
what a decision changes, nor write anything but decisions and what people say of letters.
"""

from fastapi import APIRouter

from pipeline.web.desk import drafts, events, frame, keys, runs

router = APIRouter()
for each in (frame.router, events.router, drafts.router, runs.router, keys.router):
    router.include_router(each)

__all__ = ["router"]
