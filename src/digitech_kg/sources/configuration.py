"""Read `project.toml`: what has to be known of a project before any Turtle is read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from digitech_kg.errors import Fault, SourceError
from digitech_kg.hooks import known_parts
from digitech_kg.namespaces import RESERVED_NAMES, VOCABULARIES, Namespaces
from digitech_kg.sources.files import read_text

FILE_NAME: Final = "project.toml"
#: What a project can import: the ontology and the shapes that come with the package.
PACKAGED: Final = "digitech-kg"
#: Names of folders that can be part of an IRI as they are.
FOLDER_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PREFIX: Final = re.compile(r"[a-z][a-z0-9-]*")
_LANGUAGE: Final = re.compile(r"[a-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_BASE: Final = re.compile(r"https?://[^\s<>\"{}|\\^`]+[/#]")
_KEYS: Final = frozenset(("base", "imports", "languages", "prefixes", "documents", "parts"))


@dataclass(frozen=True)
class Configuration:
    """What a `project.toml` says. `imports_package`: whether the packaged ontology and shapes belong to the project."""

    names: Namespaces
    imports_package: bool = False


def read_configuration(root: Path, documents: Iterable[str], sources: Iterable[str]) -> Configuration:
    """Read the `project.toml` of a project with these documents and outside sources.

    A document without an entry has its own name as its prefix; the claims of a source have its name with "-claim".
    Raises `SourceError` with all that is wrong in the file.
    """
    text = read_text(root / FILE_NAME, FILE_NAME)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceError([Fault(FILE_NAME, f"is not TOML: {error}", "Mend the file at this place.")]) from None
    faults: list[Fault] = []
    for key in sorted(set(table) - _KEYS):
        faults.append(Fault(FILE_NAME, f"has an unknown key '{key}'", f"Use one of: {', '.join(sorted(_KEYS))}."))
    base = table.get("base", "")
    if not isinstance(base, str) or not _BASE.fullmatch(base):
        mend = 'Write for example: base = "https://example.org/my-graph/"'
        faults.append(Fault(FILE_NAME, "has no base IRI that ends with / or #", mend))
    imports = table.get("imports", [])
    if imports not in ([], [PACKAGED]):
        faults.append(
            Fault(FILE_NAME, "imports something unknown", f'Write imports = ["{PACKAGED}"], or leave it out.')
        )
    required, optional = _languages(table.get("languages", {}), faults)
    prefixes = _prefixes(table.get("prefixes", {}), faults)
    prefixes += _document_prefixes(str(base), table.get("documents", {}), documents, faults)
    prefixes += [(f"{name}-claim", f"{base}claim/{name}/") for name in sources]
    _check_unique(prefixes, faults)
    off = _read_parts_off(table.get("parts", {}), faults)
    if faults:
        raise SourceError(faults)
    return Configuration(Namespaces(base, tuple(sorted(prefixes)), required, optional, off), bool(imports))


def parts_off(root: Path | None) -> tuple[str, ...]:
    """Return the parts that the project in a folder, or else in the current one, switches off.

    Whatever is wrong with the file is for `read_configuration` to say.
    """
    try:
        table = tomllib.loads(((root or Path.cwd()) / FILE_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return _read_parts_off(table.get("parts", {}), [])


def _read_parts_off(table: Any, faults: list[Fault]) -> tuple[str, ...]:
    off = table.get("off", []) if isinstance(table, dict) and not set(table) - {"off"} else None
    if not isinstance(off, list) or not all(isinstance(name, str) for name in off):
        mend = 'Write [parts] and below it off = ["…"].'
        faults.append(Fault(FILE_NAME, "switches parts off in an unknown way", mend))
        return ()
    for name in sorted(set(off) - set(known_parts())):
        mend = f"Use names of parts: {', '.join(known_parts())}."
        faults.append(Fault(FILE_NAME, f"switches off '{name}', which isn't a part", mend))
    return tuple(sorted(set(off)))


def _languages(table: Any, faults: list[Fault]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = [table.get(key, default) for key, default in (("required", ["en"]), ("optional", []))]
    for tag in (tag for tags in found for tag in tags):
        if not isinstance(tag, str) or not _LANGUAGE.fullmatch(tag):
            faults.append(Fault(FILE_NAME, f"'{tag}' isn't a language tag", "Write tags such as en, nb or zh-hans."))
    # The engine has language tags in small letters, so a filter finds nothing for any other spelling.
    return tuple(str(tag).lower() for tag in found[0]), tuple(str(tag).lower() for tag in found[1])


def _prefixes(table: Mapping[str, Any], faults: list[Fault]) -> list[tuple[str, str]]:
    for prefix, iri in table.items():
        if not PREFIX.fullmatch(prefix) or not isinstance(iri, str) or ":" not in iri:
            mend = 'Write for example: wd = "http://www.wikidata.org/entity/"'
            faults.append(Fault(FILE_NAME, f"prefix '{prefix}' stands for no IRI", mend))
    return [(prefix, iri) for prefix, iri in table.items() if isinstance(iri, str)]


def _document_prefixes(
    base: str, table: Mapping[str, Any], documents: Iterable[str], faults: list[Fault]
) -> list[tuple[str, str]]:
    found = []
    for name in sorted({*documents, *table}):
        prefix = table.get(name, {}).get("prefix", name)
        if name in RESERVED_NAMES or not FOLDER_NAME.fullmatch(name):
            mend = "Use small letters, digits and single hyphens, and no name that a graph has already."
            faults.append(Fault(FILE_NAME, f"a document cannot be called '{name}'", mend))
        elif not PREFIX.fullmatch(prefix) or prefix.endswith("-claim"):
            mend = f'Add to {FILE_NAME}: [documents.{name}] and below it prefix = "…", in small letters.'
            faults.append(Fault(FILE_NAME, f"'{prefix}' cannot be the prefix of document '{name}'", mend))
        found += [(prefix, f"{base}passage/{name}/"), (f"{prefix}-claim", f"{base}claim/{name}/")]
    return found


def _check_unique(prefixes: list[tuple[str, str]], faults: list[Fault]) -> None:
    seen = dict(VOCABULARIES)
    for prefix, iri in prefixes:
        if seen.setdefault(prefix, iri) != iri:
            faults.append(Fault(FILE_NAME, f"prefix '{prefix}' stands for two things", "Rename one of them."))
