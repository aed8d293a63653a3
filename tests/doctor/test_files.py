from __future__ import annotations

from datetime import timedelta

import pytest

from pipeline.dataset.folder import FolderStore
from pipeline.doctor import files
from pipeline.doctor.finding import Finding, broken, ok
from pipeline.model import Decision, Mend, Verb
from tests.workspace import CONFIG, EVENT, TEA, Workspace

NOTIFY = "notify: [{kind: webhook, secret: TEAM_WEBHOOK}]\n"


def store(tea: Workspace) -> FolderStore:
    return FolderStore(tea.config.data)


def secrets(tea: Workspace, more: str = "") -> list[Finding]:
    tea.write("config.yaml", CONFIG + more)
    return list(files.secrets(tea.config))


def test_a_dataset_in_order_is_counted_and_opened(tea: Workspace) -> None:
    found, opened = files.dataset(store(tea), tea.config)
    assert (found, [one.event.id for one in opened]) == (
        [ok("dataset", "1 event")],
        ["teaconf-2031"],
    )


def test_a_broken_event_is_named_and_the_others_are_opened(tea: Workspace) -> None:
    tea.write("data/broken/event.yaml", EVENT.replace("start:", "begin:"))
    found, opened = files.dataset(store(tea), tea.config)
    assert (found[0].level, "data/broken/event.yaml:1:1: start is required" in found[0].words) == (
        "broken",
        True,
    )
    assert [one.event.id for one in opened] == ["teaconf-2031"]


def test_a_broken_file_that_concerns_every_event_is_named(tea: Workspace) -> None:
    tea.write("data/no-publish.yaml", "talkes: []\n")
    found, _ = files.dataset(store(tea), tea.config)
    assert (found[0].level, "no-publish.yaml" in found[0].words) == ("broken", True)


def test_no_stamp_is_in_order(tea: Workspace) -> None:
    assert files.stamp(store(tea), tea.now).level == "ok"


@pytest.mark.parametrize(
    ("ahead", "level"),
    [(timedelta(), "ok"), (timedelta(minutes=5), "warn"), (timedelta(days=900), "broken")],
)
def test_a_stamp_from_the_future_keeps_everything_from_being_published(
    tea: Workspace, ahead: timedelta, level: str
) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    found = files.stamp(store(tea), tea.now - ahead)
    assert (found.level, "2031-05-20T12:00:00Z" in found.words) == (level, True)


def test_a_stamp_from_the_far_future_is_mended_by_a_decision(tea: Workspace) -> None:
    tea.list_videos(TEA)
    tea.pass_()
    now = tea.now - timedelta(days=900)
    found = files.stamp(store(tea), now)
    mend = Mend(since=tea.now, until=tea.now, at=now)
    store(tea).decide(Decision(id="", time=now, verb=Verb.MEND_CLOCK, by="Ada", mend=mend))
    assert ("`recap clock mend`" in found.do, files.stamp(store(tea), now)) == (
        True,
        ok("stamp", "the newest is of 2028-12-01T12:00:00Z"),
    )


def test_a_ledger_that_cannot_be_read_has_no_stamp(tea: Workspace) -> None:
    tea.write("data/ledger.yaml", "newest: yesterday\n")
    assert files.stamp(store(tea), tea.now).level == "warn"


def test_a_secret_that_is_named_has_to_be_set(
    tea: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = secrets(tea, NOTIFY)
    monkeypatch.setenv("TEAM_WEBHOOK", "https://chat.example.org/hush")
    assert missing == [
        broken(
            "secret TEAM_WEBHOOK",
            "config.yaml names it, and it is not set",
            do="set TEAM_WEBHOOK, or TEAM_WEBHOOK_FILE with the path of a file, in the environment",
        )
    ]
    assert secrets(tea, NOTIFY) == [ok("secret TEAM_WEBHOOK", "is set")]


def test_a_secret_in_a_file_has_to_be_readable(
    tea: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECAP_TOKEN_FILE", str(tea.root / "gone"))
    (found,) = secrets(tea)
    assert (found.level, "cannot be read" in found.words) == ("broken", True)


def test_a_secret_that_is_set_and_empty_is_worth_a_look(
    tea: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YOUTUBE_API_KEY", "")
    assert [(one.what, one.level) for one in secrets(tea)] == [("secret YOUTUBE_API_KEY", "warn")]


MAIL = (
    "mail: {from: a@example.org, to: [{kind: smtp, host: mail.example.org, to: b@example.org%s}]}\n"
)


@pytest.mark.parametrize(
    ("user", "named"), [("", []), (", user: ada", ["secret RECAP_SMTP_PASSWORD"])]
)
def test_a_mail_server_needs_a_password_where_somebody_logs_in(
    tea: Workspace, user: str, named: list[str]
) -> None:
    assert [one.what for one in secrets(tea, MAIL % user)] == named
