"""The user's templates first, then the packaged ones; one Jinja environment for each language.

Reads template files only. A template gets values, never code from outside: undefined names are
errors, and everything is escaped in `*.html` (see `Templates.render`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import OutputError
from pipeline.views.markdown import escape_address, escape_notes, escape_text
from pipeline.wording import SOURCE, Wording, direction, locale_folder, wording

if TYPE_CHECKING:
    from jinja2 import Environment, Template


def packaged_templates() -> Path:
    """Return the folder of the templates that travel with the package.

    In a wheel it lies inside the package, in a checkout beside it.
    """
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "templates"


STARTER = "starter"
"""The folder of what `recap init` writes."""


class Templates:
    """Templates looked up in `own` (may be absent), then in the packaged folder."""

    def __init__(self, own: Path | None = None) -> None:
        """Look up and compile each template once: whoever expects other files makes a new one."""
        folders = [folder for folder in (own, packaged_templates()) if folder and folder.is_dir()]
        self._folders = list(dict.fromkeys(folder.resolve() for folder in folders))
        self._environments: dict[str, Environment] = {}
        self._loaded: dict[tuple[str, str], Template] = {}

    def render(self, name: str, /, *, language: str = SOURCE, **values: object) -> str:
        """Render template `name`; escaped where the name ends in `.html`.

        What the template says with `_`, `ngettext` or `{% trans %}` is said in `language` (BCP 47),
        else in English; `spoken` is the language that it came to be. The filters `plain`, `address`
        and `notes` make Markdown of text, of an address and of notes.
        Raises OutputError with template, line and reason when the template cannot be rendered.
        """
        from jinja2 import TemplateError

        try:
            return self._template(name, language).render(**values)
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            place = f"{name}:{line}" if line else name
            raise OutputError(
                f"template {place} cannot be rendered: {error}; "
                "mend it, or delete your copy under templates/ to use the packaged one"
            ) from error

    def fingerprint(self) -> str:
        """Return a hash of all templates and catalogues: part of what outputs are made of.

        The starter's files are not, for `recap init` copies them; nor are the server's own pages.
        """
        digest = hashlib.sha256()
        for folder in (*self._folders, locale_folder()):
            for path in sorted(folder.rglob("*")):
                name = path.relative_to(folder).as_posix()
                if path.is_file() and not _is_apart(name):
                    digest.update(
                        f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
                    )
        return digest.hexdigest()

    def _template(self, name: str, language: str) -> Template:
        found = self._loaded.get((language, name))
        if found is None:
            found = self._jinja(language).get_template(name)
            # A plain dict, because each rendering begins with a copy of it.
            found.globals = dict(found.globals)
            self._loaded[language, name] = found
        return found

    def _jinja(self, language: str) -> Environment:
        spoken = wording(language)
        found = self._environments.get(spoken.language)
        if found is None:
            from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

            found = Environment(
                loader=FileSystemLoader(self._folders),
                autoescape=select_autoescape(("html",), default=False),
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                keep_trailing_newline=True,
                auto_reload=False,
                extensions=["jinja2.ext.i18n"],
            )
            found.filters.update(plain=escape_text, address=escape_address, notes=escape_notes)
            found.policies["ext.i18n.trimmed"] = True
            found.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
                spoken.gettext,
                spoken.ngettext,
                newstyle=True,
                pgettext=spoken.pgettext,
                npgettext=spoken.npgettext,
            )
            said = _gettext(spoken)
            found.globals.update(spoken=spoken.language, direction=direction, gettext=said, _=said)
            self._environments[spoken.language] = found
        return found


def _gettext(spoken: Wording) -> Callable[..., str]:
    """Return what Jinja's own `gettext` does, with less on the way: pages say a lot."""
    from jinja2 import pass_eval_context
    from jinja2.nodes import EvalContext
    from markupsafe import Markup

    @lru_cache(maxsize=512)
    def form(message: str, kind: type[str]) -> str:
        return kind(spoken.gettext(message))

    @lru_cache(maxsize=512)
    def sentence(message: str, kind: type[str]) -> str:
        return form(message, kind) % {}

    @pass_eval_context
    def gettext(context: EvalContext, message: str, **values: object) -> str:
        kind = Markup if context.autoescape else str
        return form(message, kind) % values if values else sentence(message, kind)

    return gettext


def _is_apart(name: str) -> bool:
    """Tell whether nothing that is published is made of a file, a path below its folder."""
    return name.endswith(".po") or name.partition("/")[0] in (STARTER, "web", "desk")
