"""The team is told once when a list fails for too long, and once when it is well again."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.files.lock import hold
from pipeline.looking import fetch_maker
from pipeline.model import Outcome, RunReport, Want
from pipeline.run import publish
from pipeline.sending.outbox import Outbox
from pipeline.stages.memory import Memory
from pipeline.state.database import State
from tests.fetch.server import Server, answer, serving
from tests.importing.fakes import bare, use_fakes
from tests.workspace import CONFIG, EVENT, Workspace

ROWS = b'[{"id": "tea00000001", "title": "Brewing Tea at Scale - Ada Example"}]'
NONE_KNOWN = b'[{"id": "new00000001", "title": "Something Else Entirely - Nobody"}]'
WATCHED = EVENT.replace("{kind: file, path: videos.yaml}", "{kind: file, url: '%s', id: list}")
OTHER = WATCHED.replace("teaconf-2031", "cupconf-2031").replace("TeaConf", "CupConf")
SERIES = EVENT.replace("watch:\n  - {kind: file, path: videos.yaml}\n", "series: hot-drinks\n")


@dataclass(slots=True)
class Team:
    """A workspace whose lists and whose team's chat are on this machine."""

    tea: Workspace
    server: Server

    def configure(self, more: str = "", *, notify: str | None = None) -> None:
        entries = notify or f"  - {{kind: webhook, url: '{self.server.url}/team'}}\n"
        body = f"{CONFIG}fetch: {{private_addresses: true, gap: 0}}\nnotify:\n{entries}{more}"
        self.tea.write("config.yaml", body)

    def fail(self, *paths: str) -> None:
        for path in paths or ("/tea.json",):
            self.server.routes[path] = answer(status=503)

    def mend(self, *paths: str) -> None:
        for path in paths or ("/tea.json",):
            self.server.routes[path] = answer(ROWS)

    def passes(self, count: int, *, hours: float = 6, **want: Any) -> list[RunReport]:
        """Run passes some hours apart."""
        made = []
        for _ in range(count):
            self.tea.later(hours=hours)
            made.append(self.tea.pass_(**want))
        return made

    def heard(self, path: str = "/team") -> list[tuple[str, list[str]]]:
        """Return of each message the subject, and the places that it tells of."""
        bodies = [json.loads(body) for where, _, body in self.server.posted if where == path]
        return [(one["subject"], [item["place"] for item in one["items"]]) for one in bodies]


@pytest.fixture
def team(tea: Workspace) -> Iterator[Team]:
    """Two events whose lists were read once."""
    with serving() as server:
        made = Team(tea, server)
        made.configure()
        tea.write("data/teaconf-2031/event.yaml", WATCHED % f"{server.url}/tea.json")
        tea.write("data/cupconf-2031/event.yaml", OTHER % f"{server.url}/cup.json")
        server.routes["/team"] = answer()
        made.mend("/tea.json", "/cup.json")
        tea.pass_()
        yield made


FAILS = ("Conference recaps: 1 list is failing", ["teaconf-2031/list"])
WELL = ("Conference recaps: 1 list is well again", ["teaconf-2031/list"])


def test_a_list_that_fails_within_its_budget_is_nobodys_business(team: Team) -> None:
    team.fail()
    team.passes(4)
    assert team.heard() == []


def test_a_list_that_fails_for_longer_is_told_once(team: Team) -> None:
    team.fail()
    made = team.passes(14)
    assert team.heard() == [FAILS]
    assert [one.delivered for one in made if one.delivered] == [
        ("webhook: Conference recaps: 1 list is failing",)
    ]


def test_a_list_that_is_well_again_is_told_once(team: Team) -> None:
    team.fail()
    team.passes(6)
    team.mend()
    team.passes(6)
    assert team.heard() == [FAILS, WELL]


def test_a_list_that_fails_anew_is_told_anew(team: Team) -> None:
    for _ in range(2):
        team.fail()
        team.passes(6)
        team.mend()
        team.passes(1)
    assert team.heard() == [FAILS, WELL, FAILS, WELL]


def test_lists_that_fail_together_are_one_message(team: Team) -> None:
    team.fail("/tea.json", "/cup.json")
    team.passes(8)
    assert team.heard() == [
        ("Conference recaps: 2 lists are failing", ["cupconf-2031/list", "teaconf-2031/list"])
    ]


def test_a_list_of_a_series_is_told_once_not_once_an_event(team: Team) -> None:
    team.configure(
        "series:\n  hot-drinks:\n    watch:\n"
        f"      - {{kind: file, url: '{team.server.url}/tea.json', id: channel}}\n"
    )
    team.tea.write("data/teaconf-2031/event.yaml", SERIES)
    cup = SERIES.replace("teaconf-2031", "cupconf-2031").replace("2031-05", "2031-03")
    team.tea.write("data/cupconf-2031/event.yaml", cup)
    team.passes(1)
    team.fail()
    team.passes(12)
    team.mend()
    team.passes(6)
    assert team.heard() == [
        ("Conference recaps: 1 list is failing", ["series hot-drinks/channel"]),
        ("Conference recaps: 1 list is well again", ["series hot-drinks/channel"]),
    ]


def test_a_service_tells_once_of_what_it_looks_at_by_schedule(team: Team) -> None:
    memory = Memory()
    for step in (team.mend, team.fail, team.mend):
        step()
        for _ in range(60):
            team.tea.later(minutes=40)
            publish(
                team.tea.config,
                now=team.tea.now,
                state=team.tea.state,
                open_fetch=fetch_maker(team.tea.config, team.tea.now),
                want=Want(due=True),
                memory=memory,
            )
    assert team.heard() == [FAILS, WELL]


def test_nothing_is_told_twice_after_a_restart(team: Team, tmp_path: Path) -> None:
    path = tmp_path / ".recap" / "state.sqlite"
    team.tea.state.close()
    for step in (team.mend, team.fail, team.mend):
        step()
        for _ in range(6):
            with State.open(path) as state:
                team.tea.state = state
                team.passes(1)
    assert team.heard() == [FAILS, WELL]


def test_a_state_without_a_past_tells_nothing_but_the_report_does(team: Team) -> None:
    team.fail()
    for _ in range(6):
        team.tea.forget()
        made = team.passes(1)[0]
        assert [one.error is not None for one in made.watches] == [False, True]
    assert team.heard() == []


def gap(team: Team) -> None:
    """Let a list with a short window show nothing that was known."""
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><title>TeaConf</title>{}</feed>'
    entry = (
        "<entry><id>{0}</id><title>Talk {0}</title><updated>2031-05-19T10:00:00Z</updated>"
        '<link href="https://videos.example.org/{0}"/></entry>'
    )
    watch = f"{{kind: feed, url: '{team.server.url}/feed.xml', id: list}}"
    team.tea.write(
        "data/teaconf-2031/event.yaml",
        EVENT.replace("{kind: file, path: videos.yaml}", watch),
    )
    for start in (0, 100):
        entries = "".join(entry.format(start + number) for number in range(15))
        body = feed.format(entries).encode()
        team.server.routes["/feed.xml"] = answer(body, Content_Type="application/atom+xml")
        team.passes(1)


def test_a_list_that_may_have_missed_videos_is_told_once(team: Team) -> None:
    gap(team)
    team.passes(3)
    assert team.heard() == [
        ("Conference recaps: 1 list may have missed videos", ["teaconf-2031/list"])
    ]


def test_a_fresh_checkout_tells_of_no_gap(team: Team) -> None:
    gap(team)
    before = team.heard()
    for _ in range(3):
        team.tea.forget()
        assert [one.gap is not None for one in team.passes(1)[0].watches] == [False, True]
    assert team.heard() == before


def test_a_delivery_that_is_down_stays_due_and_the_run_succeeds(team: Team) -> None:
    team.server.routes["/team"] = answer(status=503)
    team.fail("/cup.json")
    made = team.passes(6)[-1]
    assert "".join(made.warnings) == (
        "notify webhook: what the team has to know was not sent: "
        f"{team.server.url}/team could not be posted to: the server answers 503; it asks for "
        "patience. It stays due, and every run tries again; `recap deliver` does so at once"
    )
    team.mend("/cup.json")
    team.passes(1)
    team.fail()
    team.passes(5)
    team.server.routes["/team"] = answer()
    team.server.posted.clear()
    team.passes(3)
    assert team.heard() == [FAILS]


def test_a_delivery_that_is_down_does_not_hold_up_another(team: Team) -> None:
    team.server.routes["/crew"] = answer()
    team.server.routes["/team"] = answer(status=500)
    team.configure(
        notify=f"  - {{kind: webhook, url: '{team.server.url}/team'}}\n"
        f"  - {{kind: webhook, id: crew, url: '{team.server.url}/crew'}}\n"
    )
    team.fail()
    team.passes(8)
    team.server.posted.clear()
    team.server.routes["/team"] = answer()
    team.passes(2)
    assert (team.heard(), team.heard("/crew")) == ([FAILS], [])


def test_a_failing_delivery_is_left_alone_for_a_while_by_the_schedule(team: Team) -> None:
    team.server.routes["/team"] = answer(status=500)
    team.fail()
    team.passes(6)
    team.server.posted.clear()
    made = team.passes(6, hours=1 / 240, due=True)
    assert team.heard() == []
    assert len({one.warnings for one in made}) == 1
    team.passes(1, hours=2, due=True)
    assert team.heard() == [FAILS]


def test_a_server_that_asks_for_patience_is_given_it(team: Team) -> None:
    team.server.routes["/team"] = answer(status=429, Retry_After="86400")
    team.fail()
    team.passes(8)
    assert len(team.heard()) == 1


def test_a_run_that_leaves_sending_to_others_stores_what_is_due(team: Team) -> None:
    team.fail()
    team.passes(6, deliver=False)
    assert team.heard() == []
    assert [one.place for one in Outbox(team.tea.state, "webhook").notices()] == [
        "teaconf-2031/list"
    ]


def test_a_dry_run_stores_and_sends_nothing(team: Team) -> None:
    team.fail()
    team.passes(4)
    team.passes(1, hours=30, dry_run=True)
    assert (team.heard(), Outbox(team.tea.state, "webhook").notices()) == ([], ())


def test_what_was_over_before_anybody_heard_of_it_is_never_told(team: Team) -> None:
    team.fail()
    team.passes(6, deliver=False)
    team.mend()
    team.passes(2)
    assert (team.heard(), Outbox(team.tea.state, "webhook").notices()) == ([], ())


def test_an_entry_that_is_wrong_is_a_problem_of_config_yaml(team: Team) -> None:
    team.configure(notify="  - {kind: webhok, url: 'https://example.org/'}\n")
    made = team.passes(1)[0]
    assert "\n".join(str(one) for one in made.problems) == (
        "config.yaml:6:5: notify[0]: no delivery of kind 'webhok' is installed; "
        "did you mean 'webhook'?"
    )
    assert made.outcome is Outcome.INVALID


def test_another_process_that_sends_is_a_warning(team: Team, tmp_path: Path) -> None:
    team.configure()
    folder = tmp_path / ".recap"
    config = team.tea.root / "config.yaml"
    config.write_text(config.read_text("utf-8").replace("gap: 0", "gap: 0, timeout: 1"), "utf-8")
    with hold(folder, holder=folder / "deliverer.json", now=team.tea.now, what="a delivery"):
        made = team.passes(1)[0]
    assert [warning.partition(" (")[0] for warning in made.warnings] == [
        f"{folder}: a delivery is at work on it"
    ]
    assert made.outcome is Outcome.FINE


def with_programme(team: Team, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let teaconf-2031 have its talks from a programme; return that."""
    use_fakes(monkeypatch)
    bare(team.tea, more="programme: {kind: fake, url: ../../programme}\n")
    team.passes(1)
    return team.tea.root / "programme"


def test_a_programme_that_needs_a_person_is_told_once(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_programme(team, monkeypatch)
    path = team.tea.root / "data" / "teaconf-2031" / "programme.yaml"
    kept = path.read_text("utf-8")
    path.write_text(kept.replace("Porcelain in", "China in"), "utf-8")
    team.passes(4, hours=25)
    path.write_text(kept, "utf-8")
    team.passes(2, hours=25)
    assert team.heard() == [
        ("Conference recaps: 1 programme needs you", ["teaconf-2031"]),
        ("Conference recaps: 1 programme is well again", ["teaconf-2031"]),
    ]


def test_a_programme_that_cannot_be_read_is_told_once_that_lasts(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    programme = with_programme(team, monkeypatch)
    body = programme.read_text("utf-8")
    programme.unlink()
    team.passes(4, hours=25)
    before = team.heard()
    team.passes(3, hours=25)
    programme.write_text(body, "utf-8")
    team.passes(2, hours=25)
    assert (before, team.heard()) == (
        [],
        [
            ("Conference recaps: 1 programme needs you", ["teaconf-2031"]),
            ("Conference recaps: 1 programme is well again", ["teaconf-2031"]),
        ],
    )


def test_no_secret_is_said_anywhere(
    team: Team, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("TEAM_HOOK", f"{team.server.url}/services/hush-hush")
    monkeypatch.setenv("TEAM_KEY", "hush-key")
    team.server.routes["/services/hush-hush"] = answer(status=500)
    team.configure(notify="  - {kind: webhook, secret: TEAM_HOOK, signing_secret: TEAM_KEY}\n")
    team.fail()
    made = team.passes(8)
    said = "\n".join([caplog.text, *(repr(one) for one in made)])
    bodies = b"".join(body for _, _, body in team.server.posted)
    stored = repr(team.tea.state.look(":notify/webhook"))
    assert len(team.server.posted) > 0
    assert "the address in TEAM_HOOK could not be posted to" in said
    assert "hush" not in said + bodies.decode() + stored
