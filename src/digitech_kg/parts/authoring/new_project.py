"""Make a project: a folder with the few files that a graph begins with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from digitech_kg.claims.reserves import AXES, Effect
from digitech_kg.errors import CallError
from digitech_kg.namespaces import DCAT, DCTERMS, FOAF, RDF, Namespaces
from digitech_kg.parts.authoring.documents import DEFAULT_LANGUAGE, check_language
from digitech_kg.sources.files import write_texts
from digitech_kg.sources.layout import rewrite_turtle
from digitech_kg.sources.project import BASE

#: Says only that nobody has looked into it, so it is true until somebody names a licence.
_NO_LICENCE_YET: Final = "http://rightsstatements.org/vocab/CNE/1.0/"
_DESCRIPTION: Final = "What documents say: claims, each with the passage that states it."
_DATASET_FILE: Final = "data/dataset.ttl"
#: The files of a new project, as texts with places to fill in.
_TEMPLATES: Final = Path(__file__).parent / "template"
#: Names that files of the package cannot have, as tools would take them for its own.
_HIDDEN: Final = {"gitignore": ".gitignore", "gitkeep": ".gitkeep"}


@dataclass(frozen=True, slots=True)
class About:
    """What a new project says of itself; what is None gets a placeholder."""

    base: str | None = None
    title: str | None = None
    publisher: str | None = None
    licence: str | None = None
    #: In which every label must be given; titles and questions are in the first.
    languages: tuple[str, ...] = (DEFAULT_LANGUAGE,)


def make_project(folder: Path, about: About) -> tuple[str, ...]:
    """Write the files of a new project, and return which of its data are placeholders.

    Raises `CallError` for data that don't make sense, and for a folder that is not empty.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise CallError(f"{folder} is not an empty folder", hint="Name a folder that is empty or not there yet.")
    name = _name_of(folder)
    base = about.base or f"https://example.org/{name}/"
    base = base if base.endswith(("/", "#")) else f"{base}/"
    if not BASE.fullmatch(base):
        raise CallError(f"'{base}' cannot be a base IRI", hint="Write for example https://example.org/my-graph/")
    for tag in about.languages:
        check_language(tag)
    language, *_ = about.languages
    names = Namespaces(base, (), about.languages)
    title = about.title or name.replace("-", " ").capitalize()
    weakening = (names.shorten(axis.property.value) for axis in AXES if axis.effect is Effect.WEAKENING)
    values = {
        "base": base,
        "title": title,
        "language": language,
        "languages": ", ".join(f'"{tag}"' for tag in about.languages),
        "reserves": "\n".join(f"    {name}" for name in weakening),
    }
    texts: dict[Path, str | None] = {folder / _DATASET_FILE: _dataset_as_turtle(about, title, names)}
    for path in sorted(path for path in _TEMPLATES.rglob("*") if path.is_file()):
        target = folder / path.relative_to(_TEMPLATES).with_name(_HIDDEN.get(path.name, path.name))
        texts[target] = Template(path.read_text(encoding="utf-8")).substitute(values)
    write_texts(texts)
    given = {"base IRI": about.base, "title": about.title, "publisher": about.publisher, "licence": about.licence}
    return tuple(what for what, value in given.items() if value is None)


def _name_of(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "graph"


def _dataset_as_turtle(about: About, title: str, names: Namespaces) -> str:
    node, publisher = names.dataset, NamedNode(f"{names.dataset.value}/publisher")
    who = about.publisher or "publisher not named yet"
    try:
        licence = NamedNode(about.licence or _NO_LICENCE_YET)
    except ValueError as error:
        hint = "A licence is an address: https://…"
        raise CallError(f"the data of the project don't make sense: {error}", hint=hint) from error
    triples = [
        Triple(node, RDF.type, DCAT.Dataset),
        *(Triple(node, DCTERMS.title, Literal(title, language=tag)) for tag in about.languages),
        Triple(node, DCTERMS.description, Literal(_DESCRIPTION, language="en")),
        Triple(node, DCTERMS.license, licence),
        Triple(node, DCTERMS.bibliographicCitation, Literal(f"{who}: {title}.")),
        Triple(node, DCTERMS.creator, Literal(who)),
        Triple(node, DCTERMS.publisher, publisher),
        Triple(publisher, RDF.type, FOAF.Agent),
        Triple(publisher, FOAF.name, Literal(who)),
    ]
    return rewrite_turtle("", _DATASET_FILE, triples, names)
