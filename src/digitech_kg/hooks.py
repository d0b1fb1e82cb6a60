"""The table of hooks: what a part can add to the core, and which parts are on.

A part is a package `digitech_kg/parts/<name>/` whose `__init__.py` has a value `PART`. The core asks the functions
below and never names a part. docs/parts.md says how to write one.
"""

import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from typing import Any, Final, Literal

from digitech_kg.errors import CallError
from digitech_kg.formats import DOWNLOADS, Download
from digitech_kg.namespaces import Namespaces

_PACKAGE: Final = "digitech_kg.parts"

#: Where the core's pages show links of parts: on the page Data ("navigation"), and on pages of these kinds.
Shelf = Literal["navigation", "thing", "fact"]


#: The hooks that only one part can fill.
OneOf = Literal["query_service", "federation", "rewriter", "conflicts"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link that a page of the core shows to a page of a part."""

    shelf: Shelf
    #: In English; the catalogue of translations has the other languages.
    text: str
    #: The Flask endpoint that it leads to.
    endpoint: str
    #: The parameter that takes what the page is about: the part of its IRI after the prefix, e.g. `huawei`. Links of
    #: facts have none: their pages take subject, predicate and object.
    parameter: str = ""


@dataclass(frozen=True)
class Part:
    """What a part adds. A string `module:name` is imported when it is needed, so that commands and workers start fast.

    All fields but the first two may be left out.
    """

    #: The name of its package; `off` in `project.toml` takes it.
    name: str
    #: What it adds, in a sentence.
    summary: str
    #: A function: `digitech_kg.web.site.Site` → Flask blueprints.
    routes: str = ""
    #: The commands that it adds, by name: click commands.
    commands: Mapping[str, str] = field(default_factory=dict, hash=False)
    #: The files that it adds; each row names the function that writes it.
    downloads: tuple[Download, ...] = ()
    #: A function: settings, names → a `QueryService` that answers instead of the built-in engine.
    query_service: str = ""
    #: A function: settings → what answers the `SERVICE` calls of queries.
    federation: str = ""
    #: A function: the directory of a version, or None for data that changes → what rewrites the text of queries.
    rewriter: str = ""
    #: A function: directories of a new version and of the one before (or None), what changed, the store → writes what
    #: the part keeps of a version into the new directory, before it is published.
    version_files: str = ""
    #: A function: quads that contradict themselves, names → the `InconsistentData` that says which claims do.
    conflicts: str = ""
    links: tuple[Link, ...] = ()


@lru_cache(maxsize=1)
def known_parts() -> dict[str, Part]:
    package = import_module(_PACKAGE)
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return {name: import_module(f"{_PACKAGE}.{name}").PART for name in names}


def parts_on(names: Namespaces) -> tuple[Part, ...]:
    """Return the parts that a project uses: all but those it switches off."""
    return tuple(part for name, part in known_parts().items() if name not in names.parts_off)


def load(reference: str) -> Any:
    """Import what a string `module:name` stands for.

    >>> load("digitech_kg.hooks:Part") is Part
    True
    """
    module, _, name = reference.partition(":")
    return getattr(import_module(module), name)


def find_hook(hook: OneOf, names: Namespaces) -> str:
    """Return what the first part names for a hook which only one part can fill; "" if none does."""
    return next((found for part in parts_on(names) if (found := getattr(part, hook))), "")


def load_hook(hook: OneOf, names: Namespaces) -> Any:
    """Return the function for a hook which only one part can fill; None if none does."""
    found = find_hook(hook, names)
    return load(found) if found else None


def part_commands(off: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the commands of the parts that are not switched off, each as `module:name`."""
    parts = [part for name, part in known_parts().items() if name not in off]
    return {name: command for part in parts for name, command in part.commands.items()}


def downloads_of(names: Namespaces) -> dict[str, Download]:
    """Return the files that a project's dataset can be downloaded as, by name: the core's, then those of its parts."""
    return DOWNLOADS | {download.name: download for part in parts_on(names) for download in part.downloads}


def get_download(name: str, names: Namespaces) -> Download:
    """Find a download by name. Raises `CallError` that lists the names."""
    found = downloads_of(names)
    if name not in found:
        raise CallError(f"unknown format '{name}'", hint=f"Choose one of: {', '.join(found)}.")
    return found[name]


def find_file(file_name: str, names: Namespaces) -> Download | None:
    return next((d for d in downloads_of(names).values() if d.file_name(names) == file_name), None)


def links_on(shelf: Shelf, names: Namespaces) -> Iterator[Link]:
    """Yield the links that parts add to pages of one kind, or to the page Data."""
    for part in parts_on(names):
        yield from (link for link in part.links if link.shelf == shelf)
