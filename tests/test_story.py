"""Random stories of looks, decisions, edits, re-imports and crashes.

Whatever happens in whatever order: a person's word holds, feed ids never change, a second pass
changes nothing, and an installation that forgets everything between passes arrives at the same
bytes as one that remembers.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import run as run_module
from tests.test_run_crashes import STAGES, Killed
from tests.workspace import CONFIG, START, Workspace, bytes_below, files_below

TALKS = {
    "brewing-tea": ("Brewing Tea at Scale", "Ada Example"),
    "porcelain": ("Porcelain in Production", "Grace Sample"),
    "kettles": ("Whistling Kettles Considered Harmful", "Alan Specimen"),
}
VIDEOS = {
    "tea00000001": "Brewing Tea at Scale - Ada Example",
    "por00000001": "Porcelain in Production - Grace Sample",
    "ket00000001": "Whistling Kettles Considered Harmful - Alan Specimen",
    "odd00000001": "An interview in the hallway",
}

videos = st.sampled_from(sorted(VIDEOS))
talks = st.sampled_from(sorted(TALKS))
steps = st.one_of(
    st.tuples(st.just("show"), videos),
    st.tuples(st.just("hide"), videos),
    st.tuples(st.just("link"), videos, talks),
    st.tuples(st.just("not-this"), videos, talks),
    st.tuples(st.just("ignore"), videos),
    st.tuples(st.just("withdraw"), talks),
    st.tuples(st.just("unwithdraw"), talks),
    st.tuples(st.just("undo")),
    st.tuples(st.just("own"), videos, talks),
    st.tuples(st.just("retitle"), talks),
    st.tuples(st.just("import"), talks),
    st.tuples(st.just("crash"), st.sampled_from(STAGES)),
)


@dataclass(slots=True)
class Story:
    """What people wrote so far, in a form simple enough to be obviously right."""

    workspace: Workspace
    shown: list[str] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    retitled: dict[str, int] = field(default_factory=dict)
    imported: dict[str, int] = field(default_factory=dict)
    decisions: list[tuple[str, ...]] = field(default_factory=list)

    def tell(self, step: tuple[str, ...]) -> None:
        """Let one thing happen; what it changes is on disk afterwards."""
        match step:
            case ("show", video) if video not in self.shown:
                self.shown.append(video)
            case ("hide", video) if video in self.shown:
                self.shown.remove(video)
            case ("own", video, talk):
                self.own[video] = talk
            case ("retitle", talk):
                self.retitled[talk] = self.retitled.get(talk, 0) + 1
            case ("import", talk):
                self.imported[talk] = self.imported.get(talk, 0) + 1
            case ("link" | "not-this" | "ignore" | "withdraw" | "unwithdraw" | "undo", *_):
                self._decide(step)
        self._write()

    def _decide(self, step: tuple[str, ...]) -> None:
        number = len(self.decisions)
        if step[0] == "undo" and number == 0:
            return
        names = {"link": ("video", "talk"), "not-this": ("video", "talk"), "ignore": ("video",)}
        keys = names.get(step[0], ("undoes",) if step[0] == "undo" else ("talk",))
        values = (f"d{number - 1:03}",) if step[0] == "undo" else step[1:]
        when = (START + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
        body = [f"time: {when}", f"verb: {step[0]}", "by: Ada"]
        body += [f"{key}: {value}" for key, value in zip(keys, values, strict=True)]
        path = f"data/teaconf-2031/decisions/d{number:03}.yaml"
        self.workspace.write(path, "\n".join(body) + "\n")
        self.decisions.append(step)

    def _write(self) -> None:
        rows = [f"{{id: {name}, title: {VIDEOS[name]}}}" for name in self.shown]
        self.workspace.list_videos(*rows)
        lines = ["id: teaconf-2031", "name: TeaConf 2031", "start: 2031-05-17"]
        lines += ["timezone: Europe/Berlin", "watch: [{kind: file, path: videos.yaml}]", "talks:"]
        for talk, (first_title, speaker) in TALKS.items():
            title = first_title + " again" * self.retitled.get(talk, 0)
            own = [video for video, owner in self.own.items() if owner == talk]
            lines += [f"  - id: {talk}", f"    title: {title}", f"    speakers: [{speaker}]"]
            lines += [f"    recordings: [{', '.join(own)}]"] if own else []
        self.workspace.write("data/teaconf-2031/event.yaml", "\n".join(lines) + "\n")
        if self.imported:
            imported = "".join(
                f"  - {{id: {talk}, summary: Import {count}}}\n"
                for talk, count in self.imported.items()
            )
            self.workspace.write("data/teaconf-2031/programme.yaml", f"talks:\n{imported}")

    def said(self) -> list[tuple[str, ...]]:
        """Return the decisions that stand: each undo takes back the one before it."""
        standing: list[tuple[str, ...]] = []
        taken_back = False
        for step in reversed(self.decisions):
            if taken_back:
                taken_back = False
            elif step[0] == "undo":
                taken_back = True
            else:
                standing.insert(0, step)
        return standing

    def withdrawn(self) -> set[str]:
        state = {step[1]: step[0] for step in self.said() if step[0] in ("withdraw", "unwithdraw")}
        return {talk for talk, verb in state.items() if verb == "withdraw"}

    def check_words(self) -> None:
        """Assert that everything people said holds in what is published."""
        recordings = published_recordings(self.workspace.root)
        assert self.withdrawn().isdisjoint(recordings)
        for video, talk in self.own.items():
            owners = {each for each, keys in recordings.items() if f"youtube:{video}" in keys}
            assert owners == {talk} - self.withdrawn(), (video, talk)
        last = {}
        for step in self.said():
            if step[0] in ("link", "not-this", "ignore") and step[1] not in self.own:
                last[step[1]] = step
        for video, step in last.items():
            owners = {each for each, keys in recordings.items() if f"youtube:{video}" in keys}
            if step[0] == "link":
                assert owners <= {step[2]}, step
            elif step[0] == "ignore":
                assert owners == set(), step
            else:
                assert step[2] not in owners, step


def published_recordings(root: Path) -> dict[str, set[str]]:
    """Return talk id to the keys of its recordings, as talks.json has them."""
    whole = json.loads((root / "feeds" / "teaconf-2031" / "talks.json").read_text("utf-8"))
    return {
        entry["talk_id"]: {one["key"] for one in entry.get("recordings", ())}
        for entry in whole.get("entries", ())
    }


def feed_ids(workspace: Workspace) -> dict[str, object]:
    path = workspace.event_folder / "recordings.yaml"
    if not path.exists():
        return {}
    return {talk: row["feed_id"] for talk, row in workspace.ledger().get("talks", {}).items()}


def ends(workspace: Workspace) -> tuple[dict[str, bytes], dict[str, bytes]]:
    return (
        bytes_below(workspace.root / "data", leave_out=()),
        bytes_below(workspace.root / "feeds"),
    )


def crash(workspace: Workspace, stage: str) -> None:
    """Let a pass be killed after `stage`."""
    real = getattr(run_module._Pass, stage)

    def killed(self: object) -> object:
        real(self)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_module._Pass, stage, killed)
        with pytest.raises(Killed):
            workspace.pass_()


def play(root: Path, story: list[tuple[str, ...]], *, forgetful: bool) -> Workspace:
    """Play `story` with a pass after each step, and check what must hold after each."""
    workspace = Workspace(root)
    workspace.write("config.yaml", CONFIG)
    told = Story(workspace)
    ids: dict[str, object] = {}
    for step in story:
        told.tell(step)
        workspace.later(hours=13)
        if forgetful:
            workspace.forget()
            workspace.drop("feeds", ".recap")
        elif step[0] == "crash":
            crash(workspace, step[1])
        workspace.pass_()
        told.check_words()
        now = feed_ids(workspace)
        assert ids.items() <= now.items()
        ids = now
    before = files_below(workspace.root / "feeds", leave_out=("status.json", "status.html"))
    workspace.pass_()
    assert files_below(workspace.root / "feeds", leave_out=("status.json", "status.html")) == before
    workspace.state.close()
    return workspace


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(videos), st.lists(steps, min_size=1, max_size=8))
def test_any_story_keeps_every_word_and_ends_alike_with_and_without_a_memory(
    out_already: set[str], steps_after: list[tuple[str, ...]]
) -> None:
    story = [*(("show", video) for video in sorted(out_already)), *steps_after]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        remembering = play(Path(one), story, forgetful=False)
        forgetting = play(Path(other), story, forgetful=True)
        assert ends(remembering) == ends(forgetting)
