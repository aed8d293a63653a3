"""Questions and changes as Markdown, for forge issues, job summaries and pull requests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import accumulate

from pipeline import report, text
from pipeline.model import EventReport, Question, RunReport
from pipeline.review.questions import Doubt

ROOM = 60_000
"""Characters of all questions: an issue of GitHub holds 65,536, and is refused with more."""


def questions_markdown(asked: Iterable[Doubt]) -> str:
    """Return the questions for a forge issue or a job summary, with the lines to paste.

    What an issue has no room for is counted at its end.
    """
    parts = [_doubt_markdown(number, doubt) for number, doubt in enumerate(asked, start=1)]
    count = len(parts)
    title = (
        f"{count} {report.plural(count, 'recording')} to review" if count else "Nothing to review"
    )
    ends = accumulate(len(part) + 1 for part in parts)
    shown = sum(1 for end in ends if end <= ROOM)
    more = [f"And {count - shown} more, once some of these are answered.\n"] * (shown < count)
    return "\n".join([f"# {title}\n", *parts[:shown], *more])


def changes_markdown(made: RunReport) -> str:
    """Return what a run changed, or would change, for the summary of a pull request."""
    lines = ["# What would change" if made.dry_run else "# What changed", ""]
    told = [event for event in made.events if _is_told(event)]
    if told:
        lines += ["| event | feed | recap page | to review |", "|---|---|---|---|"]
        lines += [
            f"| {_inert(event.name)} | + {len(event.released)}, - {len(event.removed)} "
            f"| {event.out} of {event.total} out | {len(event.questions)} |"
            for event in told
        ]
    for event in told:
        lines += ["", f"## {_inert(event.name)}", ""]
        lines += [f"- in the feed: {_inert(name)}" for name in event.released]
        lines += [f"- out of the feed: {_inert(name)}" for name in event.removed]
        lines += [
            f"- to review: {_inert(one.title or one.video)}, perhaps `{one.talk}` "
            f"({one.probability:.2f}): {one.url}"
            for one in event.questions
        ]
        lines += [f"- **look at this**: {_inert(alert)}" for alert in event.alerts]
    if not told:
        lines.append("Nothing in feeds, pages and mail.")
    troubles = [str(one) for one in (*made.problems, *made.failures, *made.warnings)]
    troubles += [report.watch_line(one) for one in made.watches if one.error or one.gap]
    if troubles:
        lines += ["", "## Problems", "", *(f"- {_inert(one)}" for one in troubles)]
    return "\n".join([*lines, ""])


def _doubt_markdown(number: int, doubt: Doubt) -> str:
    question = doubt.question
    lines = [
        f"## {number}. {_inert(question.title or question.video)}",
        "",
        f"{_inert(doubt.event_name)} · {doubt.where}",
        "",
        "| talk | how likely | why |",
        "|---|---|---|",
    ]
    lines += [
        f"| {_inert(one.label)} | {one.verdict} | {_inert('; '.join(one.reasons))} |"
        for one in doubt.candidates
    ]
    if doubt.candidates:
        best = doubt.candidates[0]
        file = f"`data/{doubt.event}/event.yaml`"
        yes = _line("recordings", best.recordings, question)
        no = _line("not", best.not_videos, question)
        lines += ["", f"If it is that talk, give it this line in {file}:", ""]
        lines += ["```yaml", f"  - id: {best.talk}", yes, "```", "", "If it is not:", ""]
        lines += ["```yaml", f"  - id: {best.talk}", no, "```"]
    lines += [
        "",
        f"If it is no talk at all: `recap ignore {question.video} --event {doubt.event}`",
        "",
    ]
    return "\n".join(lines)


def _line(key: str, written: Iterable[str], question: Question) -> str:
    """Return a whole line for a talk in event.yaml: what stands there already, and the video."""
    urls = [*(text.video_url(each) or each for each in written), question.url]
    return f"    {key}: {json.dumps(urls, ensure_ascii=False)}"


def _is_told(event: EventReport) -> bool:
    return bool(event.released or event.removed or event.questions or event.alerts)


_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&])")
_MENTION = re.compile(r"([@#])(?=\w)")


def _inert(words: str) -> str:
    """Return text from outside for Markdown: no markup in it acts, nobody is mentioned by it."""
    line = _MARKUP.sub(r"\\\1", " ".join(words.split()))
    # An empty comment: forges look for @name and #1 in the text that was rendered.
    return _MENTION.sub(r"\1<!-- -->", line)
