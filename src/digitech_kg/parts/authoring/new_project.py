"""Make a project: a folder with the few files that a graph begins with."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import Final

from digitech_kg.claims.reserves import AXES, Effect
from digitech_kg.errors import CallError
from digitech_kg.namespaces import Namespaces
from digitech_kg.parts.authoring.documents import check_language
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.project import BASE

#: The files of a new project, as texts with places to fill in.
_TEMPLATES: Final = Path(__file__).parent / "template"
#: Names that files of the package cannot have, as tools would take them for its own.
_HIDDEN: Final = {"gitignore": ".gitignore", "gitkeep": ".gitkeep"}


def make_project(folder: Path, base: str | None, languages: tuple[str, ...]) -> None:
    """Write the files of a new project whose labels must be given in some languages; titles are in the first.

    Raises `CallError` for data that don't make sense, and for a folder that is not empty.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise CallError(f"{folder} is not an empty folder", hint="Name a folder that is empty or not there yet.")
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "graph"
    base = base or f"https://example.org/{name}/"
    base = base if base.endswith(("/", "#")) else f"{base}/"
    if not BASE.fullmatch(base):
        raise CallError(f"'{base}' cannot be a base IRI", hint="Write for example https://example.org/my-graph/")
    for tag in languages:
        check_language(tag)
    names = Namespaces(base, (), languages)
    weakening = (names.shorten(axis.property.value) for axis in AXES if axis.effect is Effect.WEAKENING)
    values = {
        "base": base,
        "title": name.replace("-", " ").capitalize(),
        "language": languages[0],
        "languages": ", ".join(f'"{tag}"' for tag in languages),
        "reserves": "\n".join(f"    {name}" for name in weakening),
    }
    texts: dict[Path, str | None] = {}
    for path in sorted(path for path in _TEMPLATES.rglob("*") if path.is_file()):
        target = folder / path.relative_to(_TEMPLATES).with_name(_HIDDEN.get(path.name, path.name))
        texts[target] = Template(path.read_text(encoding="utf-8")).substitute(values)
    write_texts(texts)
