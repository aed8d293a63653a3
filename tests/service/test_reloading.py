from __future__ import annotations

from dataclasses import replace

from pipeline.errors import Problem
from pipeline.service.reloading import Settings
from tests.workspace import CONFIG, Workspace

OTHER = CONFIG + "  title: Tea, recorded\n"
BAD = CONFIG + "  tilte: Tea, recorded\n"
KEPT = Problem(
    file="config.yaml",
    message="the configuration that was read before this change stays until it is mended",
)


def test_settings_stay_as_they_were_given_while_the_file_is_unchanged(tea: Workspace) -> None:
    given = tea.config
    assert Settings(given).current() is given


def test_settings_follow_the_file(tea: Workspace) -> None:
    settings = Settings(tea.config)
    tea.write("config.yaml", OTHER)
    assert settings.current().site.title == "Tea, recorded"
    assert settings.config.site.title == "Tea, recorded"


def test_settings_keep_the_last_good_ones_and_say_what_is_wrong_until_it_is_mended(
    tea: Workspace,
) -> None:
    settings = Settings(tea.config)
    tea.write("config.yaml", BAD)
    kept = settings.current()
    told = settings.problems
    tea.write("config.yaml", OTHER)
    mended = settings.current()
    assert (kept, mended.site.title) == (Settings(kept).config, "Tea, recorded")
    assert told[0].path == "site.tilte"
    assert told[1:] == (KEPT,)
    assert settings.problems == ()


def test_settings_keep_the_last_good_ones_while_the_file_is_gone(tea: Workspace) -> None:
    settings = Settings(tea.config)
    (tea.root / "config.yaml").unlink()
    assert settings.current().site.tag == "recaps.example.org,2031"
    assert "config.yaml is missing" in settings.problems[0].message


def test_settings_keep_the_last_good_ones_where_the_file_cannot_even_be_looked_at(
    tea: Workspace,
) -> None:
    # A name that is too long stands for a folder that was locked: root, too, is refused.
    away = replace(tea.config, root=tea.root / ("a" * 300))
    settings = Settings(away)
    settings.reload()
    assert settings.config is away
    assert settings.problems[0].message == "cannot be read: File name too long"


def test_settings_are_read_again_when_asked_to(tea: Workspace) -> None:
    settings = Settings(tea.config)
    before = settings.config
    settings.reload()
    assert settings.config == before
    assert settings.config is not before
