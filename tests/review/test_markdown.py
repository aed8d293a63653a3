"""Questions and changes as Markdown; nothing from outside acts in it."""

from __future__ import annotations

from pipeline.errors import Problem
from pipeline.model import EventReport, Question, RunReport, WatchReport
from pipeline.review import Candidate, Doubt, changes_markdown, questions_markdown
from tests.builders import NOW

QUESTION = Question(
    video="youtube:odd00000001",
    url="https://www.youtube.com/watch?v=odd00000001",
    title="Tea | @grace <b>#1</b> [x](y) &amp;",
    talk="brewing-tea",
    probability=0.6,
)
INERT = r"Tea \| @<!-- -->grace \<b\>#<!-- -->1\</b\> \[x\](y) \&amp;"


def doubt(*candidates: Candidate) -> Doubt:
    return Doubt(
        event="teaconf-2031", event_name="TeaConf 2031", question=QUESTION, candidates=candidates
    )


def test_questions_markdown_has_whole_lines_to_paste() -> None:
    best = Candidate(
        talk="brewing-tea",
        label="Brewing Tea",
        probability=0.6,
        reasons=("title: 1 of 3 words",),
        recordings=("youtube:tea00000001",),
    )
    assert (
        questions_markdown([doubt(best)])
        == f"""\
# 1 recording to review

## 1. {INERT}

TeaConf 2031 · https://www.youtube.com/watch?v=odd00000001

| talk | how likely | why |
|---|---|---|
| Brewing Tea | Likely (0.60) | title: 1 of 3 words |

If it is that talk, give it this line in `data/teaconf-2031/event.yaml`:

```yaml
  - id: brewing-tea
    recordings: ["https://www.youtube.com/watch?v=tea00000001", \
"https://www.youtube.com/watch?v=odd00000001"]
```

If it is not:

```yaml
  - id: brewing-tea
    not: ["https://www.youtube.com/watch?v=odd00000001"]
```

If it is no talk at all: `recap ignore youtube:odd00000001 --event teaconf-2031`
"""
    )


def test_questions_markdown_fits_into_an_issue() -> None:
    found = questions_markdown([doubt()] * 500)
    shown = found.count("\n## ")
    assert (len(found) <= 65_536, 0 < shown < 500) == (True, True)
    assert found.startswith("# 500 recordings to review\n")
    assert found.endswith(f"\n\nAnd {500 - shown} more, once some of these are answered.\n")


def test_questions_markdown_of_nothing_says_so() -> None:
    assert questions_markdown([]) == "# Nothing to review\n"


def test_changes_markdown_says_what_a_pull_request_would_change() -> None:
    made = RunReport(
        started=NOW,
        dry_run=True,
        events=(
            EventReport(
                id="teaconf-2031",
                name="TeaConf 2031",
                total=13,
                out=10,
                released=("Brewing Tea (Ada)",),
                removed=("Cold Tea",),
                questions=(QUESTION,),
                alerts=("secret is public",),
            ),
            EventReport(id="cupconf-2031", name="CupConf 2031", total=3, out=3),
        ),
        watches=(WatchReport(key="teaconf-2031/list", error="no answer"),),
        problems=(Problem(file="data/x/event.yaml", line=3, column=1, message="is wrong"),),
    )
    assert (
        changes_markdown(made)
        == f"""\
# What would change

| event | feed | recap page | to review |
|---|---|---|---|
| TeaConf 2031 | + 1, - 1 | 10 of 13 out | 1 |

## TeaConf 2031

- in the feed: Brewing Tea (Ada)
- out of the feed: Cold Tea
- to review: {INERT}, perhaps `brewing-tea` (0.60): https://www.youtube.com/watch?v=odd00000001
- **look at this**: secret is public

## Problems

- data/x/event.yaml:3:1: is wrong
- teaconf-2031/list: not answering (never read yet): no answer
"""
    )


def test_changes_markdown_of_nothing_says_so() -> None:
    made = RunReport(started=NOW)
    assert changes_markdown(made) == "# What changed\n\nNothing in feeds, pages and mail.\n"
