"""The user's templates first, then the packaged ones; one Jinja environment for all of them.

Reads template files only. A template gets values, never code from outside: undefined names are
errors, and everything is escaped in `*.html` (see `Templates.render`).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import OutputError

if TYPE_CHECKING:
    from jinja2 import Environment


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
        folders = [folder for folder in (own, packaged_templates()) if folder and folder.is_dir()]
        self._folders = list(dict.fromkeys(folder.resolve() for folder in folders))
        self._environment: Environment | None = None

    def render(self, name: str, /, **values: object) -> str:
        """Render template `name`; escaped where the name ends in `.html`.

        Raises OutputError with template, line and reason when the template cannot be rendered.
        """
        from jinja2 import TemplateError

        try:
            return self._jinja().get_template(name).render(**values)
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            place = f"{name}:{line}" if line else name
            raise OutputError(
                f"template {place} cannot be rendered: {error}; "
                "mend it, or delete your copy under templates/ to use the packaged one"
            ) from error

    def fingerprint(self) -> str:
        """Return a hash of every template's name and bytes: part of what outputs are made of.

        The starter's files are not: `recap init` copies them, nothing is rendered from them.
        """
        digest = hashlib.sha256()
        for folder in self._folders:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.parent.name != STARTER:
                    name = path.relative_to(folder).as_posix()
                    digest.update(
                        f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode()
                    )
        return digest.hexdigest()

    def _jinja(self) -> Environment:
        if self._environment is None:
            from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

            self._environment = Environment(
                loader=FileSystemLoader(self._folders),
                autoescape=select_autoescape(("html",), default=False),
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
                keep_trailing_newline=True,
            )
        return self._environment
