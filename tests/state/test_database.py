"""What this machine remembers between runs, and what happens when it cannot be read."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import stills  # noqa: F401  # its table is the state's
from pipeline.errors import PublishError
from pipeline.sending import letters, outbox, pings  # noqa: F401  # so are theirs
from pipeline.state import opening, tables
from pipeline.state.database import RUNS_KEPT, Look, PastRun, Recalled, State
from pipeline.state.migrations import MIGRATIONS
from tests.builders import NOW

FAILING = Look(
    last_try=NOW,
    last_good=NOW - timedelta(days=2),
    failing_since=NOW - timedelta(days=1),
    failures=3,
    not_before=NOW + timedelta(hours=1),
    last_error="https://example.org/feed answered 503",
)


def database(tmp_path: Path) -> Path:
    return tmp_path / ".recap" / "state.sqlite"


def filled(path: Path) -> Path:
    with State.open(path) as state:
        state.commit(looks={"teaconf-2031/list": FAILING}, validators={})
    return path


def add_runs(state: State, count: int) -> None:
    for number in range(count):
        state.add_run(started=NOW, finished=NOW, exit_code=0, report={"number": number})


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_look_is_empty_for_a_watch_that_was_never_tried() -> None:
    with State.in_memory() as state:
        assert state.look("teaconf-2031/list") == Look()


def test_look_comes_back_as_it_was_committed() -> None:
    with State.in_memory() as state:
        state.commit(looks={"teaconf-2031/list": FAILING}, validators={})

        assert state.look("teaconf-2031/list") == FAILING


def test_commit_replaces_a_look_and_leaves_others() -> None:
    good = Look(last_try=NOW, last_good=NOW)
    with State.in_memory() as state:
        state.commit(looks={"tea/list": FAILING, "cake/list": FAILING}, validators={})
        state.commit(looks={"tea/list": good}, validators={})

        assert [state.look("tea/list"), state.look("cake/list")] == [good, FAILING]


def test_commit_forgets_a_watch_whose_look_is_empty() -> None:
    with State.in_memory() as state:
        state.commit(looks={"a/list": FAILING, "b/list": FAILING}, validators={})
        state.commit(looks={"a/list": Look()}, validators={})
        assert (state.tries(), state.look("a/list")) == ({"b/list": NOW}, Look())


def test_look_survives_closing(tmp_path: Path) -> None:
    with State.open(filled(database(tmp_path))) as state:
        assert state.look("teaconf-2031/list") == FAILING
        assert state.notes == ()


def test_times_of_another_zone_come_back_in_utc() -> None:
    berlin = timezone(timedelta(hours=2))
    with State.in_memory() as state:
        state.commit(looks={"tea/list": Look(last_try=NOW.astimezone(berlin))}, validators={})
        stored = state.look("tea/list").last_try

        assert stored is not None
        assert (stored, stored.tzinfo) == (NOW, UTC)


def test_commit_refuses_a_time_without_a_zone() -> None:
    naive = NOW.replace(tzinfo=None)
    with State.in_memory() as state, pytest.raises(sa.exc.StatementError, match="has no time zone"):
        state.commit(looks={"tea/list": Look(last_try=naive)}, validators={})


def test_validators_are_empty_for_an_unknown_watch() -> None:
    with State.in_memory() as state:
        assert state.validators("teaconf-2031/list") == {}


def test_commit_replaces_the_validators_of_a_watch_and_leaves_others() -> None:
    first = {"https://example.org/1": ('"a"', None), "https://example.org/2": ('"b"', "Tue")}
    second: dict[str, tuple[str | None, str | None]] = {"https://example.org/2": (None, "Wed")}
    with State.in_memory() as state:
        state.commit(looks={}, validators={"tea/list": first, "cake/list": first})
        state.commit(looks={}, validators={"tea/list": second})

        assert state.validators("tea/list") == second
        assert state.validators("cake/list") == first


def test_commit_stores_no_url_without_any_validator() -> None:
    with State.in_memory() as state:
        state.commit(looks={}, validators={"tea/list": {"https://example.org/1": (None, None)}})

        assert state.validators("tea/list") == {}


def test_commit_is_all_or_nothing() -> None:
    broken = {"tea/list": {"https://example.org/1": ("a", object())}}
    with State.in_memory() as state:
        with pytest.raises(PublishError):
            state.commit(looks={"tea/list": FAILING}, validators=broken)  # type: ignore[arg-type]

        assert state.look("tea/list") == Look()


def test_runs_come_newest_first() -> None:
    report = {"failed": ["tea/list"], "title": "Größe", "released": 2}
    with State.in_memory() as state:
        state.add_run(started=NOW, finished=NOW + timedelta(seconds=3), exit_code=0, report={})
        state.add_run(started=NOW, finished=NOW, exit_code=1, report=report)

        assert state.runs(5) == (
            PastRun(id=2, started=NOW, finished=NOW, exit_code=1, report=report),
            PastRun(id=1, started=NOW, finished=NOW + timedelta(seconds=3), exit_code=0, report={}),
        )


def test_runs_are_no_more_than_asked_for() -> None:
    with State.in_memory() as state:
        add_runs(state, 3)

        assert [run.id for run in state.runs(2)] == [3, 2]


def test_only_the_newest_runs_are_kept() -> None:
    with State.in_memory() as state:
        add_runs(state, RUNS_KEPT + 2)

        ids = [run.id for run in state.runs(RUNS_KEPT * 2)]
        assert ids == list(range(RUNS_KEPT + 2, 2, -1))


def test_add_run_refuses_a_report_that_is_not_json() -> None:
    with State.in_memory() as state, pytest.raises(ValueError, match="not JSON compliant"):
        state.add_run(started=NOW, finished=NOW, exit_code=0, report={"share": float("nan")})


def test_open_makes_the_folder_and_uses_a_write_ahead_log(tmp_path: Path) -> None:
    path = filled(database(tmp_path))

    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_migrations_make_the_tables_that_the_code_reads(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{filled(database(tmp_path))}")
    made = sa.inspect(engine)
    found = {
        table: {column["name"] for column in made.get_columns(table)}
        for table in made.get_table_names()
    }
    engine.dispose()

    read = {name: set(table.columns.keys()) for name, table in tables.METADATA.tables.items()}
    assert found == read


def test_open_brings_an_older_database_up_and_keeps_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(database(tmp_path))
    monkeypatch.setattr(opening, "MIGRATIONS", (*MIGRATIONS, ("CREATE TABLE later (name TEXT)",)))

    with State.open(path) as state:
        assert (state.notes, state.look("teaconf-2031/list")) == ((), FAILING)
    with closing(sqlite3.connect(path)) as raw:
        version = len(MIGRATIONS) + 1
        assert raw.execute("SELECT number FROM version").fetchall() == [(version,)]
        assert raw.execute("SELECT * FROM later").fetchall() == []


def test_open_brings_a_database_of_the_first_version_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = database(tmp_path)
    monkeypatch.setattr(opening, "MIGRATIONS", MIGRATIONS[:1])
    State.open(path).close()
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("INSERT INTO looks (watch, failures) VALUES ('teaconf-2031/list', 3)")
        raw.commit()
    monkeypatch.undo()

    with State.open(path) as state:
        assert (state.notes, state.look("teaconf-2031/list")) == ((), Look(failures=3))


def test_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(database(tmp_path))
    failing = ("CREATE TABLE later (name TEXT)", "CREATE TABLE looks (again TEXT)")
    with monkeypatch.context() as patch:
        patch.setattr(opening, "MIGRATIONS", (*MIGRATIONS, failing))
        with pytest.raises(PublishError, match="table looks already exists"):
            State.open(path)

    with closing(sqlite3.connect(path)) as raw:
        version = len(MIGRATIONS)
        assert raw.execute("SELECT number FROM version").fetchall() == [(version,)]
        assert raw.execute("SELECT name FROM sqlite_master WHERE name = 'later'").fetchall() == []


def test_open_that_fails_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(database(tmp_path))
    monkeypatch.setattr(opening, "MIGRATIONS", (*MIGRATIONS, ("nonsense",)))
    before = open_files()

    with pytest.raises(PublishError, match="syntax error"):
        State.open(path)

    assert open_files() == before


def test_close_leaves_nothing_open(tmp_path: Path) -> None:
    before = open_files()

    path = filled(database(tmp_path))
    with State.open(path) as state:
        state.close()

    assert open_files() == before


def note(path: Path, reason: str) -> str:
    return (
        f"{path}: the state database {reason}; it was moved to state.sqlite.broken beside it and "
        "a new one made; what is published does not change, the next looks fetch everything once, "
        "and mails that had not left wait for you"
    )


def test_open_moves_a_file_aside_that_is_no_database(tmp_path: Path) -> None:
    path = database(tmp_path)
    path.parent.mkdir()
    path.write_bytes(b"tea leaves " * 1000)

    with State.open(path) as state:
        assert state.notes == (note(path, "is damaged (file is not a database)"),)
        assert state.look("teaconf-2031/list") == Look()
    assert (tmp_path / ".recap/state.sqlite.broken").read_bytes() == b"tea leaves " * 1000


def test_open_moves_a_database_with_one_damaged_page_aside(tmp_path: Path) -> None:
    path = database(tmp_path)
    with State.open(path) as state:
        state.commit(looks={f"tea/{number}": FAILING for number in range(500)}, validators={})
    with path.open("r+b") as file:
        file.seek(-4096, os.SEEK_END)
        file.write(b"\xff" * 4096)

    with State.open(path) as state:
        assert len(state.notes) == 1
        assert state.notes[0].startswith(f"{path}: the state database is damaged (")
        assert state.look("tea/1") == Look()


def test_open_moves_a_newer_database_aside(tmp_path: Path) -> None:
    path = filled(database(tmp_path))
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE version SET number = 99")
        raw.commit()

    with State.open(path) as state:
        newest = len(MIGRATIONS)
        assert state.notes == (note(path, f"has version 99, newer than this program's {newest}"),)
        assert state.look("teaconf-2031/list") == Look()
    with State.open(path) as state:
        assert state.notes == ()


def test_open_of_a_locked_database_leaves_it_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = filled(database(tmp_path))
    monkeypatch.setattr(opening, "_BUSY_MS", 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(PublishError) as caught:
            State.open(path)

    assert str(caught.value) == (
        f"{path}: the state database cannot be used: database is locked; free space, mend its "
        "rights or wait for the other program, then run again (deleting the file costs time, and "
        "mails that had not left wait for you)"
    )
    assert not path.with_name("state.sqlite.broken").exists()


def test_open_below_a_file_says_what_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".recap").write_bytes(b"")

    with pytest.raises(PublishError, match=r"state\.sqlite: .* cannot be used: File exists;"):
        State.open(database(tmp_path))


def test_open_takes_any_character_in_its_path(tmp_path: Path) -> None:
    path = tmp_path / "100% tea?#" / "state.sqlite"

    filled(path)

    assert path.exists()


def test_two_open_states_see_what_the_other_committed(tmp_path: Path) -> None:
    path = database(tmp_path)
    with State.open(path) as one, State.open(path) as two:
        one.commit(looks={"tea/list": FAILING}, validators={})

        assert two.look("tea/list") == FAILING


MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))
LOOKS = st.builds(
    Look,
    last_try=MOMENTS,
    last_good=MOMENTS,
    failing_since=MOMENTS,
    failures=st.integers(0, 10_000),
    not_before=MOMENTS,
    last_error=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
)


@settings(deadline=None, max_examples=30)
@given(looks=st.dictionaries(st.text("abc/-", min_size=1), LOOKS, max_size=4))
def test_any_look_comes_back_as_it_was(looks: dict[str, Look]) -> None:
    with State.in_memory() as state:
        state.commit(looks=looks, validators={})

        assert {watch: state.look(watch) for watch in looks} == looks


def test_recall_returns_what_is_stored_of_the_events_alone() -> None:
    looks = {"tea/list": Look(last_try=NOW), "tea-2/list": FAILING}
    validators: dict[str, dict[str, tuple[str | None, str | None]]] = {
        "tea/list": {"https://example.org/": ("a", None)},
        "tea/feed": {"u": ("b", "c")},
    }
    with State.in_memory() as state:
        state.commit(looks=looks, validators=validators)
        found = [state.recall(["tea", "cup"]), state.recall([])]
    assert found == [
        {
            "tea/list": Recalled(look=looks["tea/list"], validators=validators["tea/list"]),
            "tea/feed": Recalled(validators=validators["tea/feed"]),
        },
        {},
    ]


def test_recall_takes_a_few_hundred_events_at_once() -> None:
    names = [f"conf-{number}" for number in range(300)]
    with State.in_memory() as state:
        state.commit(looks={f"{name}/list": FAILING for name in names}, validators={})
        assert len(state.recall(names)) == 300


def test_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = filled(database(tmp_path))
    assert path.stat().st_mode & 0o077 == 0
