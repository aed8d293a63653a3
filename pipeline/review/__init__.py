"""Doubtful matches as questions, decisions as answers, and what an answer would change.

    questions   what waits for a person, each with up to three candidates
    preview     what a decision changes in feed, page and mail; which decisions hold
    offers      a decision made ready: the very file it will be, and what it changes
    board       the videos of an event by what became of them, and one of them whole
    reasons     does a reason speak for a pair or against it; the title's words that are the talk's
    markdown    the same for forges

One model for the terminal, for Markdown and for a page: whoever asks shows a Doubt, writes a
Decision, and shows its Preview. Pure: no file, no clock.
"""

from pipeline.review.board import Board, Line, Subject, board, entry_of, subject
from pipeline.review.markdown import changes_markdown, questions_markdown
from pipeline.review.offers import (
    Offer,
    Slot,
    bar,
    dated,
    later_words,
    moment,
    offer,
    untried,
    why_moved,
)
from pipeline.review.preview import CORRECTIONS, Preview, preview, sentence
from pipeline.review.questions import Candidate, Doubt, doubts, likelihood, question_json
from pipeline.review.reasons import Sign, marked_words, sign

__all__ = [
    "CORRECTIONS",
    "Board",
    "Candidate",
    "Doubt",
    "Line",
    "Offer",
    "Preview",
    "Sign",
    "Slot",
    "Subject",
    "bar",
    "board",
    "changes_markdown",
    "dated",
    "doubts",
    "entry_of",
    "later_words",
    "likelihood",
    "marked_words",
    "moment",
    "offer",
    "preview",
    "question_json",
    "questions_markdown",
    "sentence",
    "sign",
    "subject",
    "untried",
    "why_moved",
]
