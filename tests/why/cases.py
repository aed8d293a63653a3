"""A case made of a workspace's files, and short ways into an answer."""

from __future__ import annotations

from pipeline.dataset.folder import FolderStore
from pipeline.passage import Surroundings
from pipeline.why import Answer, Case, Fact, explain_talk, explain_video, open_case
from tests.workspace import Workspace

EVENT_FILE = "data/teaconf-2031/event.yaml"
TEA_KEY = "youtube:tea00000001"
POR_KEY = "youtube:por00000001"
UNT_KEY = "youtube:unt00000001"


def case(tea: Workspace, event_id: str = "teaconf-2031") -> Case:
    store = FolderStore(tea.root / "data")
    barred, shared = store.barred()
    around = Surroundings(
        installation=store.installation(), tag=tea.config.site.tag, barred=barred, shared=shared
    )
    documents = store.documents(event_id)
    return open_case(store.open(event_id), around, documents=documents, now=tea.now)


def of_talk(tea: Workspace, field: str, talk: str = "brewing-tea") -> Fact:
    return one(explain_talk(case(tea), talk), field)


def of_video(tea: Workspace, field: str, key: str = TEA_KEY) -> Fact:
    return one(explain_video(case(tea), key), field)


def one(answer: Answer, field: str) -> Fact:
    """Return the only fact of `field`."""
    (fact,) = answer.only(field).facts
    return fact


def decide(tea: Workspace, name: str, body: str, *, shared: bool = False) -> str:
    """Write a decision file; return its path as explanations name it."""
    folder = "data/decisions" if shared else "data/teaconf-2031/decisions"
    tea.write(f"{folder}/{name}.yaml", body)
    return f"{folder}/{name}.yaml"


def line_of(tea: Workspace, text: str, *, column: int, path: str = EVENT_FILE) -> str:
    """Return file:line:column of the first line of `path` that holds `text`."""
    lines = (tea.root / path).read_text("utf-8").splitlines()
    number = next(number for number, line in enumerate(lines, start=1) if text in line)
    return f"{path}:{number}:{column}"
