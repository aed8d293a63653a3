from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import OutputError
from pipeline.templating import Templates


def own(root: Path, **files: str) -> Templates:
    for name, body in files.items():
        (root / name.replace("_", ".")).write_text(body, encoding="utf-8")
    return Templates(root)


def test_render_escapes_in_html_and_not_in_text(tmp_path: Path) -> None:
    templates = own(tmp_path, a_html="{{ x }}", a_txt="{{ x }}")
    assert [templates.render(name, x="<b>&") for name in ("a.html", "a.txt")] == [
        "&lt;b&gt;&amp;",
        "<b>&",
    ]


def test_render_prefers_the_users_copy_and_falls_back_to_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "starter").mkdir()
    (tmp_path / "starter" / "gitignore").write_text("mine\n", encoding="utf-8")
    templates = Templates(tmp_path)
    assert templates.render("starter/gitignore") == "mine\n"
    assert "Opening keynote" in templates.render("starter/event.yaml", event="x")


def test_render_never_runs_what_a_value_says(tmp_path: Path) -> None:
    assert own(tmp_path, a_txt="{{ x }}").render("a.txt", x="{{ 7 * 7 }}") == "{{ 7 * 7 }}"


@pytest.mark.parametrize("body", ["\n{{ nothing }}", "\n{% if %}", "{% include 'gone.html' %}"])
def test_render_says_which_template_is_wrong(tmp_path: Path, body: str) -> None:
    with pytest.raises(
        OutputError, match=r"template a\.html.* cannot be rendered: .*; mend it, or"
    ):
        own(tmp_path, a_html=body).render("a.html")


def test_render_speaks_the_language_that_is_asked_for(tmp_path: Path) -> None:
    templates = own(
        tmp_path,
        a_html="{{ spoken }} {{ _('Recording to come') }} "
        "{{ ngettext('One more recording is out', '%(count)s more recordings are out', 2, "
        "count=2) }}",
    )
    assert [templates.render("a.html", language=one) for one in ("en", "de-AT", "ar")] == [
        "en Recording to come 2 more recordings are out",
        "de Aufzeichnung folgt 2 weitere Aufzeichnungen sind erschienen",
        "en Recording to come 2 more recordings are out",
    ]


def test_render_escapes_what_is_put_into_a_sentence(tmp_path: Path) -> None:
    templates = own(tmp_path, a_html="{% trans x=x %}Of {{ x }}{% endtrans %}")
    assert templates.render("a.html", language="de", x="<b>") == "Of &lt;b&gt;"


def test_fingerprint_changes_with_any_template(tmp_path: Path) -> None:
    prints = [own(tmp_path, a_txt=body).fingerprint() for body in ("a", "b", "a")]
    assert (prints[0] == prints[2], prints[0] == prints[1]) == (True, False)
