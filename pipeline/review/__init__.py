"""Doubtful matches as questions, decisions as answers, and what an answer would change.

    questions   what waits for a person, each with up to three candidates
    preview     what a decision changes in feed, page and mail; which decisions hold
    markdown    the same for forges

One model for the terminal, for Markdown and for a page: whoever asks shows a Doubt, writes a
Decision, and shows its Preview. Pure: no file, no clock.
"""

from pipeline.review.markdown import changes_markdown, questions_markdown
from pipeline.review.preview import CORRECTIONS, Preview, preview, sentence
from pipeline.review.questions import Candidate, Doubt, doubts, likelihood, question_json

__all__ = [
    "CORRECTIONS",
    "Candidate",
    "Doubt",
    "Preview",
    "changes_markdown",
    "doubts",
    "likelihood",
    "preview",
    "question_json",
    "questions_markdown",
    "sentence",
]
