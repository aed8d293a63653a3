"""The benchmark over a folder of one invented event."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import matching

CASE: dict[str, Any] = {
    "event": {
        "id": "teaconf-2031",
        "name": "TeaConf 2031",
        "series": "TeaConf",
        "dates": {"start": "2031-05-17", "end": "2031-05-18"},
    },
    "talks": [
        {"id": "green", "title": "Brewing Green Tea Slowly", "speakers": ["Ada Example"]},
        {"id": "coffee", "title": "Roasting Coffee Beans", "speakers": ["Grace Sample"]},
    ],
    "videos": [
        {"id": "a", "raw_title": "Brewing Green Tea Slowly - Ada Example", "duration": 1500},
        {"id": "b", "raw_title": "TeaConf 2031: Coffee", "published": "2031-06-01"},
        {"id": "c", "raw_title": "Cats"},
    ],
}
TRUTH = {
    "truth": {"a": "green", "b": "coffee", "c": None},
    "meta": {"a": {"tier": 2}, "b": {"tier": 4}, "c": {"null_reason": "trailer"}},
}


def folder(tmp_path: Path, case: dict[str, Any]) -> Path:
    (tmp_path / "teaconf-2031.json").write_text(json.dumps(case), encoding="utf-8")
    return tmp_path


def outcomes(path: Path) -> dict[str, tuple[str, str | None]]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return {row["video"]: (row["verdict"], row["talk"]) for row in rows}


@pytest.mark.parametrize("mode", ["whole", "incremental", "pooled"])
def test_decisions_are_written_one_a_line(tmp_path: Path, mode: str) -> None:
    out = tmp_path / "decisions.jsonl"
    cases = folder(tmp_path, CASE | TRUTH)
    matching.main([str(cases), "--mode", mode, "--decisions", str(out)])

    assert outcomes(out) == {
        "a": ("auto", "green"),
        "b": ("review", "coffee"),
        "c": ("none", None),
    }


def test_a_decision_has_its_event_its_candidates_and_its_reasons(tmp_path: Path) -> None:
    out = tmp_path / "decisions.jsonl"
    one = CASE | {"videos": CASE["videos"][:1]}
    matching.main([str(folder(tmp_path, one)), "--decisions", str(out)])

    assert json.loads(out.read_text(encoding="utf-8")) == {
        "event": "teaconf-2031",
        "video": "a",
        "verdict": "auto",
        "talk": "green",
        "probability": 0.99,
        "candidates": [["green", 0.99]],
        "reasons": ["speaker named in full: Ada Example", "title: 4 of 4 rare words"],
    }


def test_lacking_leaves_out_each_quarter_of_the_talks_once(tmp_path: Path) -> None:
    out = tmp_path / "decisions.jsonl"
    cases = folder(tmp_path, CASE | TRUTH)
    matching.main([str(cases), "--mode", "lacking", "--decisions", str(out)])
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]

    linked = [(row["event"], row["video"]) for row in rows if row["verdict"] == "auto"]
    assert linked == [("teaconf-2031-0", "a"), ("teaconf-2031-2", "a"), ("teaconf-2031-3", "a")]


def shares(printed: str) -> dict[str, list[str]]:
    return {line[:40].strip(): line[40:].split()[:2] for line in printed.splitlines()[3:12]}


def test_the_table_counts_what_is_right(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    matching.main([str(folder(tmp_path, CASE | TRUTH))])

    assert shares(capsys.readouterr().out) == {
        "auto precision": ["100.00%", "1/1"],
        "recall of auto": ["50.00%", "1/2"],
        "review share": ["33.33%", "1/3"],
        "false links on videos that are no talk": ["0.00%", "0/1"],
        "right talk in the top 3 of a review": ["100.00%", "1/1"],
        "events without a wrong link": ["100.00%", "1/1"],
        "events needing no person": ["0.00%", "0/1"],
        "hard cases (tiers 2-4): precision": ["100.00%", "1/1"],
        "hard cases (tiers 2-4): recall": ["50.00%", "1/2"],
    }


def test_a_wrong_link_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = {"truth": {"a": None, "b": "coffee", "c": None}}
    matching.main([str(folder(tmp_path, CASE | wrong))])
    found = shares(capsys.readouterr().out)

    assert found["auto precision"] == ["0.00%", "0/1"]
    assert found["false links on videos that are no talk"] == ["50.00%", "1/2"]
    assert found["events without a wrong link"] == ["0.00%", "0/1"]


def test_files_without_truth_give_decisions_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    matching.main([str(folder(tmp_path, CASE))])

    assert capsys.readouterr().out.splitlines()[-1] == ("The files hold no truth: decisions only.")
