from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.dataset.folder import FolderStore
from pipeline.dataset.records import render_installation
from pipeline.dataset.saving import InstallationText
from pipeline.model import Installation, Ledger, WatchRow

NOW = datetime(2031, 5, 20, 12, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 10**6).map(lambda seconds: NOW + timedelta(seconds=seconds))
IDS = st.sampled_from(["tea-2031", "null", "2031", "0x1f", "1e3", "yes", "a"])
TABLES = st.dictionaries(IDS, MOMENTS)
INSTALLATIONS = st.builds(
    Installation,
    events=TABLES,
    retired=TABLES,
    sequence=st.integers(0, 9),
    newest=st.none() | MOMENTS,
)


@given(st.lists(INSTALLATIONS, max_size=4))
def test_ledger_yaml_is_the_same_whether_its_table_was_kept_or_not(
    installations: list[Installation],
) -> None:
    text = InstallationText()
    for each in installations:
        assert text.render(each) == render_installation(each)


LOOKED = Ledger(watches={"list": WatchRow(first_good=NOW)})
KNOWN = Installation(events={"tea-2031": NOW}, newest=NOW)


def test_saving_puts_nothing_in_place_before_it_is_finished(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    saving = store.saving()
    saving.ledger("tea-2031", LOOKED)
    before = sorted(path.name for path in tmp_path.rglob("*.yaml"))
    store.saved(saving, KNOWN)
    after = sorted(path.name for path in tmp_path.rglob("*.yaml"))
    assert (before, after) == ([], ["ledger.yaml", "recordings.yaml"])


def test_saving_names_the_events_whose_file_differs(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.save({"tea-2031": LOOKED}, KNOWN)
    saving = store.saving()
    saving.ledger("tea-2031", LOOKED)
    saving.ledger("cup-2031", LOOKED)
    assert saving.events == ["cup-2031"]


def test_saving_that_is_dropped_leaves_nothing_behind(tmp_path: Path) -> None:
    saving = FolderStore(tmp_path).saving()
    saving.ledger("tea-2031", LOOKED)
    saving.drop()
    assert list(tmp_path.iterdir()) == []


def test_installation_is_read_again_when_its_file_changed(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.save({}, KNOWN)
    FolderStore(tmp_path).save({}, Installation(sequence=4))
    assert store.installation() == Installation(sequence=4)


def test_start_day_is_read_at_a_glance(tmp_path: Path) -> None:
    body = "id: tea-2031\nname: Tea\nstart: '2031-05-17'  # a Saturday\ntalks: [\n"
    (tmp_path / "tea-2031").mkdir()
    (tmp_path / "tea-2031" / "event.yaml").write_text(body, encoding="utf-8")
    assert str(FolderStore(tmp_path).start_day("tea-2031")) == "2031-05-17"


def test_start_day_of_an_unusual_file_is_read_properly(tmp_path: Path) -> None:
    (tmp_path / "tea-2031").mkdir()
    path = tmp_path / "tea-2031" / "event.yaml"
    path.write_text("{id: tea-2031, name: Tea, start: 2031-05-17, talks: []}", encoding="utf-8")
    store = FolderStore(tmp_path)
    found = [str(store.start_day("tea-2031"))]
    path.write_text("start: soon\n", encoding="utf-8")
    assert [*found, store.start_day("tea-2031"), store.start_day("absent")] == [
        "2031-05-17",
        None,
        None,
    ]


def test_has_knows_the_folders_that_event_ids_names(tmp_path: Path) -> None:
    for name in ("tea-2031", "decisions", ".recap"):
        (tmp_path / name).mkdir()
    names = ("tea-2031", "decisions", ".recap", "absent", "", "../tea-2031", "tea-2031/..")
    store = FolderStore(tmp_path)
    assert [name for name in names if store.has(name)] == ["tea-2031"]
