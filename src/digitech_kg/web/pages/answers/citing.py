"""References to the documents that an answer rests on: short, as a footnote, as BibTeX and as CSL-JSON.

CSL-JSON: https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from digitech_kg.namespaces import TERMS
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.reading import bibtex
from digitech_kg.web.reading.documents import DocumentEntry
from digitech_kg.web.reading.labels import DisplayValue, Name

_PERSON = TERMS + "Person"


@dataclass(frozen=True, slots=True)
class Author:
    """A person by family and given names, or a body by its whole name."""

    family: str
    given: str = ""

    @property
    def text(self) -> str:
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Reference:
    """What is cited: a document, another source, or this answer."""

    key: str
    title: str
    authors: tuple[Author, ...] = ()
    publisher: str = ""
    year: str = ""
    address: str = ""
    #: When it was fetched, as an ISO date.
    fetched: str = ""
    #: Where in another work it is.
    place: str = ""
    is_document: bool = True

    @property
    def who(self) -> str:
        """Return the family names of its authors, or else its publisher or title."""
        return _("and").join(f" {a.family} " for a in self.authors).strip() or self.publisher or self.title

    @property
    def short(self) -> str:
        """Return authors and year: "Gåsemyr 2021"."""
        return f"{self.who} {self.year}".strip()

    def footnote(self, place: str = "") -> str:
        """Return it as a footnote, with a place in it."""
        who = ", ".join(author.text for author in self.authors)
        parts = [who, f"“{self.title}”", self.publisher if self.publisher != who else "", self.year, place]
        return ", ".join(part for part in parts if part) + "."


def reference_of(entry: DocumentEntry) -> Reference:
    """Return the reference to a document."""
    authors = tuple(author for value in entry.authors if (author := _author(value)))
    links = (value.name.href or value.text if value.name else value.text for value in entry.links)
    address = next((link for link in links if link.startswith("http")), "")
    names = {author.text for author in authors}
    publisher = next((text for value in entry.publishers if (text := _text(value)) not in names), "")
    year = next((match[0] for value in entry.issued if (match := re.search(r"\d{4}", value.text))), "")
    return Reference(entry.name, entry.title, authors, publisher, year, address)


def source_reference(source: Name, fetched: str) -> Reference:
    """Return the reference to a source outside the documents."""
    address = source.href if source.href and source.href.startswith("http") else ""
    key = re.split(r"[/#]", source.iri)[-1]
    return Reference(key, source.text, address=address, fetched=fetched, is_document=False)


def _text(value: DisplayValue) -> str:
    return value.name.text if value.name else value.text


def _author(value: DisplayValue) -> Author | None:
    text = _text(value)
    if value.name and _PERSON in value.name.kinds and " " in text:
        given, _space, family = text.rpartition(" ")
        return Author(family, given)
    return Author(text) if text else None


def to_bibtex(references: Iterable[Reference]) -> str:
    """Return references as BibTeX."""
    return "\n\n".join(_entry(reference) for reference in references) + "\n"


def _entry(reference: Reference) -> str:
    fields = {
        "author": " and ".join(
            bibtex.escape(f"{a.family}, {a.given}") if a.given else bibtex.whole(a.family) for a in reference.authors
        ),
        "title": bibtex.whole(reference.title),
        "institution" if reference.is_document else "publisher": bibtex.escape(reference.publisher),
        "year": reference.year,
        "url": reference.address,
        "urldate": reference.fetched,
        "note": bibtex.escape(reference.place),
    }
    return bibtex.entry("techreport" if reference.is_document else "misc", reference.key, fields)


def to_csl(references: Iterable[Reference]) -> str:
    """Return references as CSL-JSON, which Zotero and others read."""
    return json.dumps([_item(reference) for reference in references], ensure_ascii=False, indent=1)


def _item(reference: Reference) -> dict[str, Any]:
    authors = [{"family": a.family, "given": a.given} if a.given else {"literal": a.family} for a in reference.authors]
    fields = {
        "id": reference.key,
        "type": "report" if reference.is_document else "webpage",
        "title": reference.title,
        "author": authors,
        "publisher": reference.publisher,
        "issued": {"date-parts": [[int(reference.year)]]} if reference.year else None,
        "URL": reference.address,
        "note": reference.place,
        "accessed": {"date-parts": [[int(part) for part in reference.fetched.split("-")]]}
        if reference.fetched
        else None,
    }
    return {name: value for name, value in fields.items() if value}


@dataclass(frozen=True, slots=True)
class Bibliography:
    """A format for references: the end of a file's name, its media type, what it is called, how it is written."""

    ending: str
    media_type: str
    title: str
    write: Callable[[Iterable[Reference]], str]


BIBLIOGRAPHIES: Final[Sequence[Bibliography]] = (
    Bibliography("bib", "application/x-bibtex", "BibTeX", to_bibtex),
    Bibliography("csl.json", "application/vnd.citationstyles.csl+json", "CSL-JSON", to_csl),
)
