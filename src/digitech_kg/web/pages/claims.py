"""`/claims`: the list of main claims, and two answers made of it: what came of predictions, who should do what."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for

from digitech_kg.namespaces import DK
from digitech_kg.tables import Table, make_table
from digitech_kg.web.http.languages import current_words
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.pages.citing import ENDINGS, Kept, Origin, Paragraph, origin_at
from digitech_kg.web.pages.claim_lines import Line, Outcome, columns, load_lines
from digitech_kg.web.pages.claim_list import Asked, find_mains, list_choices, read_asked, title_of, view_list
from digitech_kg.web.reading.dataset import Document, read_documents
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Detail, Mark
from digitech_kg.web.site import Site


@dataclass(frozen=True)
class Forecast:
    """What one sentence of a document predicts: its main claims, and what later documents say of it."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        """The line by which it is placed."""
        return self.lines[0]

    @property
    def details(self) -> tuple[Detail, ...]:
        """What it consists of."""
        return tuple(detail for line in self.lines for detail in line.said.details)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """How it is put. Its kind goes without saying: that is what the page lists."""
        found = dict.fromkeys(mark for line in self.lines for mark in line.said.marks)
        return tuple(mark for mark in found if mark.symbol != "prediction")

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What later documents say, each of their sentences once."""
        found = (outcome for line in self.lines for outcome in line.outcomes)
        return tuple({(o.words, o.said.passages): o for o in reversed(tuple(found))}.values())[::-1]


@dataclass(frozen=True)
class Forecasts:
    """What is predicted by sentence, those with an answer first; and what somebody promises or decides to do."""

    #: How many sentences predict something, in words.
    heading: str
    finding: str
    sentences: tuple[Forecast, ...]
    promises: tuple[Forecast, ...]

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield what is copied of it."""
        for one in (*self.sentences, *self.promises):
            yield Paragraph(" ".join(line.claim.sentence for line in one.lines), (one.first.reference,))
            yield from (Paragraph(f"{o.words}: {o.said.claim.sentence}", (o.reference,)) for o in one.outcomes)


@dataclass(frozen=True)
class Advice:
    """A recommendation, and the rules of other documents on a topic of it."""

    line: Line
    beside: tuple[Line, ...]


@dataclass(frozen=True)
class AdviceBoard:
    """Recommendations in the order of the text, and all other rules by whom they address; "" if nobody is named."""

    finding: str
    recommended: tuple[tuple[Document, tuple[Advice, ...]], ...]
    others: tuple[tuple[str, tuple[Line, ...]], ...]

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield what is copied of it."""
        lines = [line for _document, found in self.recommended for a in found for line in (a.line, *a.beside)]
        for line in dict.fromkeys((*lines, *(line for _who, found in self.others for line in found))):
            yield Paragraph(line.claim.sentence, (line.reference,))


def view_forecasts(reader: GraphReader, asked: Asked) -> Forecasts:
    """Read the predictions that are asked for, and the promises that are asked for likewise."""
    mains = {kind: find_mains(reader, replace(asked, kind=kind)) for kind in ("prediction", "promise")}
    lines = load_lines(reader, [*mains["prediction"], *mains["promise"]])
    answers = {outcome.said.claim.iri for line in lines for outcome in line.outcomes}
    predicted = _by_sentence(line for line in lines if line.claim.firm.kind == "prediction")
    promises = (line for line in lines if line.claim.firm.kind == "promise")
    promised = _by_sentence(line for line in promises if line.claim.iri not in answers)
    return Forecasts(_heading(len(predicted)), _tell_forecasts(predicted), predicted, promised)


def _by_sentence(lines: Iterable[Line]) -> tuple[Forecast, ...]:
    """Return lines with the same passages together, those with an answer first."""
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault(line.said.passages or (line.claim.iri,), []).append(line)
    return tuple(sorted((Forecast(tuple(group)) for group in groups.values()), key=lambda one: not one.outcomes))


def _tell_forecasts(sentences: tuple[Forecast, ...]) -> str:
    """Return how many predictions there are, how firm they are, who makes them, and what later documents say."""
    if not sentences:
        return _("No prediction was found here.")
    words = current_words()
    names = words.enumerate(list(dict.fromkeys(one.first.said.document.text for one in sentences)))
    unsure = sum(one.first.claim.firm.certainty != "certain" for one in sentences)
    made = [_heading(len(sentences))]
    if unsure:
        made.append(
            ngettext("one of them as probable or possible", "%(count)s of them as probable or possible", unsure)
        )
    first = f"{', '.join(made)} ({names})."
    answered = sum(bool(one.outcomes) for one in sentences)
    if not answered:
        return f"{first} {_('No later document answers any of them.')}"
    told = Counter(outcome.mark for one in sentences for outcome in one.outcomes)
    verdicts = {
        "no": ngettext("one sentence says otherwise", "%(count)s sentences say otherwise", told["no"]),
        "if": ngettext("one bears it out in part", "%(count)s bear it out in part", told["if"]),
        "yes": ngettext("one bears it out", "%(count)s bear it out", told["yes"]),
    }
    second = ngettext(
        "Later documents answer one of them: %(verdicts)s.",
        "Later documents answer %(count)s of them: %(verdicts)s.",
        answered,
        verdicts=words.enumerate([text for key, text in verdicts.items() if told[key]]),
    )
    return f"{first} {second}"


def _heading(number: int) -> str:
    text = ngettext("One prediction", "%(count)s predictions", number)
    return text[:1].upper() + text[1:]


def view_advice(reader: GraphReader, asked: Asked) -> AdviceBoard:
    """Read the recommendations that are asked for, and the rules of all documents."""
    own = find_mains(reader, asked)
    rules = find_mains(reader, Asked(kind="norm"))
    lines = {line.claim.iri: line for line in load_lines(reader, [*own, *rules])}
    topics = _topics(reader, lines.values())
    common = _shared_by_all(topics, own)
    groups: dict[str, list[Advice]] = {}
    for line in (lines[iri] for iri in own if iri in lines):
        here = topics.get(line.claim.iri, frozenset()) - common
        beside = tuple(
            rule
            for iri in rules
            if (rule := lines.get(iri))
            and rule.said.document != line.said.document
            and here & topics.get(iri, frozenset())
        )
        groups.setdefault(line.said.document.key, []).append(Advice(line, beside))
    told = {rule.claim.iri for found in groups.values() for advice in found for rule in advice.beside}
    rest: dict[str, list[Line]] = {}
    for rule in (lines[iri] for iri in rules if iri in lines and iri not in told):
        if asked.document in ("", rule.said.document.key):
            rest.setdefault(rule.addressee.text if rule.addressee else "", []).append(rule)
    recommended = tuple((found[0].line.said.document, tuple(found)) for found in groups.values())
    by_number = sorted(rest.items(), key=lambda item: (not item[0], -len(item[1])))
    others = tuple((who, tuple(found)) for who, found in by_number)
    ruling = [] if asked.document else [lines[iri] for iri in rules if iri in lines]
    return AdviceBoard(_tell_advice(recommended, ruling), recommended, others)


def _topics(reader: GraphReader, lines: Iterable[Line]) -> dict[str, frozenset[str]]:
    """Return the topics of each claim and of its parts."""
    own = {line.claim.iri: (line.claim.iri, *(detail.name.iri for detail in line.said.details)) for line in lines}
    told = reader.book.values({iri for iris in own.values() for iri in iris}, DK.hasTopic)
    return {
        main: frozenset(t.value for iri in iris for t in told.get(iri, {}).get(DK.hasTopic, ()))
        for main, iris in own.items()
    }


def _shared_by_all(topics: Mapping[str, frozenset[str]], own: Iterable[str]) -> frozenset[str]:
    """Return the topics that all recommendations have: that they are recommendations pairs them with nothing."""
    found = [topics[iri] for iri in own if iri in topics]
    return frozenset.intersection(*found) if len(found) > 1 else frozenset()


def _tell_advice(recommended: Sequence[tuple[Document, tuple[Advice, ...]]], rules: Iterable[Line]) -> str:
    said = []
    for document, found in recommended:
        named = sum(advice.line.addressee is not None for advice in found)
        told = ngettext("one recommendation", "%(count)s recommendations", len(found))
        whom = _("addressee named") if named else _("addressee not named")
        if 0 < named < len(found):
            whom = ngettext("addressee named in one", "addressee named in %(count)s", named)
        said.append(f"{document.text}: {told}, {whom}.")
    said = said or [_("No recommendation was found here.")]
    whose: dict[str, dict[str, None]] = {}
    for rule in rules:
        if rule.addressee and all(rule.said.document != document for document, _found in recommended):
            whose.setdefault(rule.said.document.text, {})[rule.addressee.text] = None
    if whose:
        told = "; ".join(f"{name} ({current_words().enumerate(list(whom))})" for name, whom in whose.items())
        said.append(_("Other documents set rules: %(who)s.", who=told))
    return " ".join(said)


#: Lists that are told as answers, by their kind, unless an address asks for the table.
_ANSWERS: Final[Mapping[str, tuple[str, Callable[..., Forecasts | AdviceBoard]]]] = {
    "prediction": ("predictions.html", view_forecasts),
    "recommendation": ("recommendations.html", view_advice),
}


def claims_blueprint(site: Site) -> Blueprint:
    blueprint = site.blueprint("claims", __name__)

    @blueprint.get("/claims")
    def listing() -> str:
        reader = site.reader
        asked = read_asked(reader, request.args)
        address = _address(asked)
        told = {
            "asked": asked,
            "address": address,
            "columns": columns(),
            "documents": read_documents(reader),
            "choices": list_choices(reader),
        }
        if asked.kind not in _ANSWERS or asked.columns or asked.sort:
            page = view_list(reader, asked)
            return render_template("claims.html", page=page, **told)
        template, view = _ANSWERS[asked.kind]
        answer = view(reader, asked)
        kept = Kept(title_of(asked), origin_at(reader, address), answer.finding, tuple(answer.paragraphs()))
        return render_template(template, page=answer, copied=kept.copied(), **told)

    @blueprint.get(f"/claims.<any({', '.join(ENDINGS)}):ending>")
    def file(ending: str) -> Response:
        reader = site.reader
        asked = read_asked(reader, request.args)
        lines = load_lines(reader, find_mains(reader, asked))
        return _keep(asked, lines, origin_at(reader, _address(asked))).file(ending, name_of(asked))

    return blueprint


def _address(asked: Asked) -> str:
    """Return the whole address of a list, with the language of the request if it names one."""
    return url_for("claims.listing", **asked.parameters(), _external=True)


def name_of(asked: Asked) -> str:
    """Return the name of a file by what it shows, such as "predictions" or "rules-cyber-security"."""
    parts = (title_of(asked), asked.topic, asked.certainty, asked.thing, asked.words)
    plain = unicodedata.normalize("NFKD", " ".join((*parts, asked.document)))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")


def list_table(asked: Asked, lines: tuple[Line, ...], keys: tuple[str, ...]) -> Table:
    """Return a row for each main claim, with its sentence and some columns."""
    names, keys = columns(), ("sentence", *keys)
    rows = [[line.cell(key) or None for key in keys] for line in lines]
    return make_table(title_of(asked), [names[key] for key in keys], rows)


def _keep(asked: Asked, lines: tuple[Line, ...], origin: Origin) -> Kept:
    """Return a list as it is kept: all columns in sheets, those of the page on paper."""
    title, sources = title_of(asked), dict.fromkeys(reference for line in lines for reference in line.note.references)
    sheet, table = (list_table(asked, lines, keys) for keys in (asked.file_columns(), asked.shown_columns()))
    about = ((_("List"), title), (_("Main claims"), str(len(lines))))
    return Kept(title, origin, sheets=(sheet,), table=table, sources=tuple(sources), about=about)
