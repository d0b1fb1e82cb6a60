"""The answer to a saved question: what it asks, what was found in sentences, footnotes, and the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from digitech_kg.engine import QueryService
from digitech_kg.sources.document_texts import TextCopy
from digitech_kg.sources.presentation import (
    Presentation,
    fill_text,
    read_presentation,
    split_text,
    without_presentation,
)
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.pages.answers.asking import Asked, ask, find_answered
from digitech_kg.web.pages.answers.citing import Reference
from digitech_kg.web.pages.answers.notes import Note, Notes, list_sources
from digitech_kg.web.pages.answers.statements import Statement, compose_claims, compose_names, compose_rows
from digitech_kg.web.pages.answers.table import AnswerTable, make_table
from digitech_kg.web.pages.parameters import Field, bind_question
from digitech_kg.web.reading.addresses import page_of
from digitech_kg.web.reading.catalog import SavedQuestion
from digitech_kg.web.reading.claim_views import ClaimView, iris_in, read_claims_of, view_claims
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.reader import GraphReader

#: The sentences that an answer opens with; the rest is in its table.
_MOST_STATEMENTS: Final = 6
_MOST_OTHERS: Final = 12
_CONTRADICTS: Final = "contradicts"
#: More claims than these are not read for one answer.
_MOST_CLAIMS: Final = 2000


@dataclass(frozen=True)
class FootnotedSentence:
    """A sentence of the answer with the numbers of its footnotes."""

    statement: Statement
    notes: tuple[int, ...]
    #: What they rest on, in one line.
    sources: str = ""


@dataclass(frozen=True)
class Other:
    """Another thing that the question can be asked of, and whether something is found."""

    label: str
    given: Mapping[str, str]
    found: bool


@dataclass(frozen=True)
class Answer:
    """A question with its answer."""

    question: SavedQuestion
    #: The heading in pieces, each followed by the parameter that stands there.
    heading: tuple[tuple[str, Field | None], ...]
    fields: tuple[Field, ...]
    #: The heading as text, in the language of the page unless `language` names another.
    title: str
    language: str
    reading: str
    #: The query that was asked.
    query: str
    asked: Asked
    #: What it comes to, in a sentence; "" if the statements say it.
    lead: str
    said: tuple[FootnotedSentence, ...]
    #: Statements that only the table has, and rows of it that no single claim stands behind.
    more: int
    unclaimed: int
    notes: tuple[Note, ...]
    #: The footnote of every claim behind the table, by the claim's IRI.
    all_notes: Mapping[str, Note]
    table: AnswerTable
    view: str
    #: The pages of the things asked about, by what they are called.
    pages: Mapping[str, str]
    others: tuple[Other, ...]

    @property
    def found(self) -> bool:
        """Whether anything was found."""
        return bool(self.asked.answer or self.asked.rows or self.asked.rdf)

    @property
    def text(self) -> str:
        """Return the answer in one line of plain text."""
        return " ".join(filter(None, (self.lead, *(said.statement.text for said in self.said))))

    @property
    def contradicts_itself(self) -> bool:
        """Whether claims of the answer contradict each other, as those of different documents may."""
        relations = (relation for note in self.all_notes.values() for relation in note.claim.relations)
        return any(
            other.iri in self.all_notes for name, others in relations if name.key == _CONTRADICTS for other in others
        )

    @property
    def is_told_in_full(self) -> bool:
        """Whether the table has nothing that the sentences have not."""
        return not self.more and [column.key for column in self.table.columns] in (["claim"], ["sentence"])

    @property
    def references(self) -> tuple[Reference, ...]:
        """Return what the answer rests on, each once."""
        return tuple(dict.fromkeys(r for note in self.all_notes.values() for r in note.references))

    @property
    def loose_fields(self) -> tuple[Field, ...]:
        """Return the parameters that can be chosen and are not in the heading."""
        return tuple(field for field in self.fields if field not in self.inside and not field.is_fixed)

    @property
    def inside(self) -> tuple[Field, ...]:
        """Return the parameters that stand in the heading."""
        return tuple(field for _text, field in self.heading if field)

    @property
    def replaced(self) -> tuple[Field, ...]:
        """Return the parameters that stand for something else than the heading says."""
        return tuple(field for field in self.loose_fields if field.replaced and field.chosen_text not in self.title)


def view_answer(
    service: QueryService,
    question: SavedQuestion,
    given: MultiDict[str, str],
    language: str,
    copies: Mapping[str, TextCopy],
) -> Answer:
    """Ask a saved question with the parameters of a request. Raises `CallError` for a value that it can't have."""
    reader = GraphReader(service)
    query, fields = bind_question(service, question, given, language)
    asked, shown = ask(service, query), read_presentation(question.text)
    claims, labels = _load(reader, asked, language)
    table = make_table(
        asked, shown, labels, {iri: replace(labels.name(iri), text=view.sentence) for iri, view in claims.items()}
    )
    names = {field.name: field.chosen_text for field in fields}
    statements, unclaimed = _statements(reader, asked, shown, table, claims, labels)
    told = statements[:_MOST_STATEMENTS]
    makers = Notes(reader, language, list(claims.values()), copies)
    sentence = {claim.iri: place for place, each in enumerate(told, start=1) for claim in each.claims}
    made = makers.number(dict.fromkeys(claim for each in told for claim in each.claims))
    numbered = tuple(replace(note, sentence=sentence[note.claim.iri]) for note in made)
    numbers = {note.claim.iri: note.number for note in numbered}
    of = [[note for note in numbered if note.sentence == place] for place in range(1, len(told) + 1)]
    said = tuple(
        FootnotedSentence(each, tuple(numbers[claim.iri] for claim in each.claims), list_sources(notes))
        for each, notes in zip(told, of, strict=True)
    )
    heading, title, other = _heading(question, shown, fields, names, labels)
    return Answer(
        question=question,
        heading=heading,
        fields=fields,
        title=title,
        language=other,
        # What a question says of itself to programs is shown only if it says nothing to readers.
        reading=question.description if shown.is_empty else shown.text("reading", labels.languages[:1]),
        query=without_presentation(query),
        asked=asked,
        lead=_lead(asked, shown, table, names, labels),
        said=said,
        more=len(statements) - len(told),
        unclaimed=unclaimed,
        notes=numbered,
        all_notes={iri: makers.make(view, numbers.get(iri, 0)) for iri, view in claims.items()},
        table=table,
        view=shown.view,
        pages={f.chosen_text: page for _words, f in heading if f and (page := page_of(f.chosen[0], reader.names))},
        others=_others(reader, query, heading),
    )


def _load(reader: GraphReader, asked: Asked, language: str) -> tuple[dict[str, ClaimView], Labels]:
    """Return the claims behind the rows by IRI, in the order of the rows, and the names of all that stands there."""
    terms = {term.value for row in asked.rows for term in row.values() if isinstance(term, NamedNode)}
    root = reader.names.prefixes["claim"]
    behind = dict.fromkeys(iri for found in asked.claims for iri in found)
    wanted = list(dict.fromkeys([*behind, *sorted(iri for iri in terms if iri.startswith(root))]))[:_MOST_CLAIMS]
    claims = read_claims_of(reader, wanted)
    labels = Labels(reader, language, {*terms, *asked.things.values(), *iris_in(reader, claims)})
    views = {view.iri: view for view in view_claims(reader, claims, labels)}
    return {iri: views[iri] for iri in wanted if iri in views}, labels


def _statements(
    reader: GraphReader,
    asked: Asked,
    shown: Presentation,
    table: AnswerTable,
    claims: Mapping[str, ClaimView],
    labels: Labels,
) -> tuple[list[Statement], int]:
    """Return what the answer says, and how many rows no single claim stands behind."""
    if rows := compose_rows(table, shown, claims, labels.languages[:1]):
        return rows, 0
    behind = dict.fromkeys(iri for found in asked.claims for iri in found if iri in claims)
    if behind:
        unclaimed = sum(not found for found in table.claims)
        return compose_claims(reader, [claims[iri] for iri in behind], labels), unclaimed
    told = {key for row in table.rows for key, cell in zip(table.columns, row, strict=True) if cell and cell[0].value}
    named = [c.key for c in table.columns if c.kind == "text" and c.key != "passage" and c not in told]
    more = _("%(num)s more", num="{}")
    return compose_names(table.texts(), named, labels.languages[0], more), 0


def _others(reader: GraphReader, query: str, heading: tuple[tuple[str, Field | None], ...]) -> tuple[Other, ...]:
    """Return the other things of which a yes or no can be asked, those with an answer first."""
    choices = [(field, [choice.iri for choice in field.options]) for _text, field in heading if field and field.options]
    tried = [(field, find_answered(reader, query, field.name, values)) for field, values in choices]
    answered = [(field, found) for field, found in tried if found is not None]
    if not answered:
        return ()
    # Of several parameters the first of which another value has an answer.
    field, found = next((one for one in answered if one[1] - set(one[0].chosen)), answered[0])
    rest = [choice for choice in field.options or () if choice.iri not in field.chosen]
    rest.sort(key=lambda choice: choice.iri not in found)
    return tuple(Other(c.label, {field.name: c.iri}, c.iri in found) for c in rest[:_MOST_OTHERS])


def _heading(
    question: SavedQuestion, shown: Presentation, fields: tuple[Field, ...], names: Mapping[str, str], labels: Labels
) -> tuple[tuple[tuple[str, Field | None], ...], str, str]:
    """Return the heading in pieces and as text, and its language if it is not the page's.

    A question that declares none is headed by its summary, with the names of what is asked about put in.
    """
    declared = shown.text("heading", labels.languages[:1])
    if declared:
        inside = {field.name: field for field in fields if field.is_list and not field.is_fixed}
        pieces = tuple((fill_text(text, names), inside.get(place)) for text, place in _pieces(declared, inside))
        return pieces, fill_text(declared, names), ""
    text = question.label
    for field in fields:
        if field.replaced and field.default_text in text:
            text = text.replace(field.default_text, field.chosen_text)
    return ((text, None),), text, question.language


def _pieces(text: str, inside: Mapping[str, Field]) -> list[tuple[str, str]]:
    """Return a heading in pieces, of which only the fields that stand in it have a place of their own."""
    pieces, before = [], ""
    for words, place in split_text(text):
        before += words
        if place and place not in inside:
            before += f"{{{place}}}"
            continue
        pieces.append((before, place))
        before = ""
    return [*pieces, (before, "")] if before else pieces


def _lead(asked: Asked, shown: Presentation, table: AnswerTable, names: Mapping[str, str], labels: Labels) -> str:
    languages = labels.languages[:1]
    if asked.too_large:
        return ""
    if asked.answer or asked.rows or asked.rdf:
        declared = fill_text(shown.text("answer", languages), names, table.values())
        return _with_capital(declared) or (_("Yes.") if asked.answer else "")
    return _with_capital(fill_text(shown.text("none", languages), names)) or _("The documents say nothing on this.")


def _with_capital(text: str) -> str:
    return text[:1].upper() + text[1:]
