"""Choose the name and the prefix of a document, and write them into `project.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from itertools import chain, count
from pathlib import Path
from typing import Final

from digitech_kg.errors import CallError
from digitech_kg.namespaces import RESERVED_NAMES, Namespaces
from digitech_kg.sources.configuration import FILE_NAME, FOLDER_NAME
from digitech_kg.sources.files import read_text

_PREFIX: Final = re.compile(r"[a-z][a-z0-9-]*")


def check_name(document: str) -> None:
    """Raise `CallError` if a document cannot have this name."""
    if not FOLDER_NAME.fullmatch(document):
        hint = "Use small letters, digits and single hyphens, as in: acme-report-2021"
        raise CallError(f"a document cannot be called '{document}'", hint=hint)
    if document in RESERVED_NAMES:
        hint = f"These names are taken: {', '.join(sorted(RESERVED_NAMES))}."
        raise CallError(f"a document cannot be called '{document}'", hint=hint)


def choose_prefix(names: Namespaces, document: str, wanted: str | None) -> str:
    """Return the prefix for a new document's passages: the one that is wanted, or one like its name.

    Raises `CallError` if the one that is wanted cannot be taken.
    """
    if wanted is None:
        return _free_prefix(document, names.prefixes.keys())
    if not _PREFIX.fullmatch(wanted) or wanted.endswith("-claim"):
        hint = "Use small letters, digits and hyphens, beginning with a letter."
        raise CallError(f"'{wanted}' cannot be a prefix", hint=hint)
    if {wanted, f"{wanted}-claim"} & names.prefixes.keys():
        raise CallError(f"the prefix '{wanted}' is taken", hint="Name another one with --prefix.")
    return wanted


def _free_prefix(document: str, taken: Collection[str]) -> str:
    stem = document if document[0].isalpha() else f"d{document}"
    candidates = chain((stem,), (f"{stem}-{number}" for number in count(2)))
    return next(prefix for prefix in candidates if prefix not in taken and f"{prefix}-claim" not in taken)


def register(root: Path, document: str, prefix: str) -> str:
    """Return the text of `project.toml` with a document's prefix; comments and all else stay.

    Raises `CallError` if the file is written in a way that nothing can be added to.
    """
    text = read_text(root / FILE_NAME, FILE_NAME)
    if document in tomllib.loads(text).get("documents", {}):
        return text
    entry = f'[documents.{document}]\nprefix = "{prefix}"\n'
    longer = f"{text.rstrip()}\n\n{entry}"
    try:
        tomllib.loads(longer)
    except tomllib.TOMLDecodeError:
        hint = f"Write the documents in {FILE_NAME} as tables: {' '.join(entry.split(chr(10)))}"
        raise CallError(f"{FILE_NAME} cannot be added to", hint=hint) from None
    return longer
