"""Main claims as pages tell them: each with its marks, its details and where else it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from digitech_kg.namespaces import DK
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, view_claims
from digitech_kg.web.reading.documents import name_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.marks import Mark, mark_main
from digitech_kg.web.reading.reader import GraphReader


@dataclass(frozen=True, slots=True)
class Detail:
    """A claim that elaborates a main one."""

    name: Name
    is_reading: bool


@dataclass(frozen=True)
class Said:
    """A main claim where it is read: its marks (none if it is said plainly), its details, its further passages."""

    claim: ClaimView
    marks: tuple[Mark, ...]
    is_second_hand: bool
    details: tuple[Detail, ...]
    others: tuple[Name, ...]


class MainClaims:
    """Main claims, read at once with their details (IRIs, by that of the main claim) and the names of other things."""

    def __init__(
        self, reader: GraphReader, language: str, parts: Mapping[str, Sequence[str]], named: Iterable[str]
    ) -> None:
        book, self._parts = reader.book, parts
        claims, details = book.claims(parts), [iri for own in parts.values() for iri in own]
        self.labels = Labels(reader, language, {*named, *details, *iris_in(reader, claims)})
        self._views = {view.iri: view for view in view_claims(reader, claims, self.labels)}
        readings = book.values(details, DK.basis)
        self._readings = {iri for iri, own in readings.items() if DK.encoderReading in own[DK.basis]}
        self._documents = name_documents(reader, language)

    def tell(self, iri: str, others: Iterable[str] = ()) -> list[Said]:
        """Return a main claim, with the IRIs of its further passages; nothing if it is incomplete."""
        view = self._views.get(iri)
        if view is None:
            return []
        main = mark_main(view, self._documents.get(view.document_key or ""))
        marks = (*([Mark("no", _("Says that it is not"))] if view.negated else []), *main.marks)
        details = tuple(Detail(self.labels.name(part), part in self._readings) for part in self._parts[iri])
        return [Said(view, marks, main.is_second_hand, details, tuple(map(self.labels.name, others)))]
