"""What `/compare` shows, read from the current snapshot, and what it comes to in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from digitech_kg.comparison.reports import (
    ComparedClaim,
    Comparison,
    ComparisonReader,
    DocumentReport,
    Label,
    Point,
    Tally,
    ThingReport,
    TopicReport,
    compare_things,
    compare_two_documents,
    report_thing,
)
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext
from digitech_kg.web.reading.claim_views import ClaimView, load_claims_of
from digitech_kg.web.reading.labels import nothing_about
from digitech_kg.web.reading.reader import GraphReader

#: The parameters that name what is compared.
COLUMNS: Final = ("a", "b", "c", "d")


@dataclass(frozen=True)
class SideBySide:
    """What was asked for, and one report on it: two documents, several things or one thing; none if nothing was."""

    names: tuple[str, ...]
    #: What the fields of the form hold: the names that readers know, where they lead back here.
    fields: tuple[str, ...] = ()
    #: What every document is called, to be chosen in the form.
    choices: tuple[str, ...] = ()
    documents: DocumentReport | None = None
    things: ThingReport | None = None
    topic: TopicReport | None = None

    @property
    def pairs(self) -> tuple[Comparison, ...]:
        """The pairs of claims on the page."""
        report = self.documents or self.things or self.topic
        return report.pairs if report else ()

    @property
    def points(self) -> tuple[Point, ...]:
        """The rows of its table."""
        table = self.things or self.topic
        return table.points if table else ()

    @property
    def columns(self) -> tuple[Label, ...]:
        """The columns of its table: things, or documents."""
        return self.things.things if self.things else self.topic.documents if self.topic else ()


def read_pair(reader: GraphReader, iri: str, language: str) -> Comparison:
    """Return the pair of claims with an IRI. Raises `NotFound`."""
    source = ComparisonReader(reader.book, language)
    found = [one for one in source.comparisons if one.iri == iri]
    if not found:
        raise nothing_about(iri.removeprefix(reader.names.base))
    return source.read_pairs(found)[0]


def read_side_by_side(reader: GraphReader, args: Mapping[str, str], language: str) -> SideBySide:
    """Return the report on what the parameters `a` to `d` name. Raises `NotFound` for unknown names."""
    given = tuple(name for column in COLUMNS if (name := args.get(column, "").strip()))
    source = ComparisonReader(reader.book, language)
    called = {source.document_label(name).text: name for name in source.documents}
    names, choices = tuple(called.get(name, name) for name in given), tuple(called)
    if not names:
        return SideBySide(names, choices=choices)
    if len(names) == 2 and set(names) <= set(source.documents):
        documents = compare_two_documents(source, *names)
        return SideBySide(names, (documents.first.text, documents.second.text), choices, documents=documents)
    if len(names) == 1:
        topic = report_thing(source, names[0])
        return SideBySide(names, _fields(source, names, [topic.thing]), choices, topic=topic)
    things = compare_things(source, *names)
    return SideBySide(names, _fields(source, names, things.things), choices, things=things)


def _fields(source: ComparisonReader, names: Sequence[str], things: Sequence[Label]) -> tuple[str, ...]:
    """Return the labels of things, or the names that were given where a label leads to something else."""
    by_label = {label.casefold(): iri for iri, label in reversed(source.book.named_things())}
    return tuple(
        thing.text if by_label.get(thing.text.casefold()) == thing.iri else name
        for name, thing in zip(names, things, strict=True)
    )


def read_claims(
    reader: GraphReader, pairs: Iterable[Comparison], language: str, points: Iterable[Point] = ()
) -> dict[str, ClaimView]:
    """Return the claims of pairs and points, by IRI."""
    told: list[ComparedClaim] = [said for pair in pairs for said in (pair.first, pair.second)]
    told += [said for point in points for column in point.said for said in column]
    return {claim.iri: claim for claim in load_claims_of(reader, sorted({said.claim for said in told}), language)}


#: A sentence, and whether it is what a reader should see first.
Sentence = tuple[str, bool]


def title_of(view: SideBySide) -> str:
    """Return what a comparison is called."""
    if view.topic:
        return _("What documents say about %(name)s", name=view.topic.thing.text)
    if view.documents:
        return _(
            "%(first)s and %(second)s compared", first=view.documents.first.text, second=view.documents.second.text
        )
    return f"{_('Compared:')} {join_names(view.things.things)}" if view.things else _("Compare")


def sentences_of(view: SideBySide) -> tuple[Sentence, ...]:
    """Return what a comparison comes to."""
    if view.documents:
        return tuple(_tell_documents(view.documents))
    return tuple(_tell_things(view.things) if view.things else _tell_topic(view.topic) if view.topic else ())


def tell_others(tally: Tally) -> tuple[str, ...]:
    """Return how many pairs do not contradict each other, in sentences."""
    found = (
        (tally.in_tension, "On %(num)d point they are in tension.", "On %(num)d points they are in tension."),
        (tally.corroborates, "They agree on %(num)d point.", "They agree on %(num)d points."),
        (tally.firmer, "On %(num)d point one of them is firmer.", "On %(num)d points one of them is firmer."),
        (
            tally.differs,
            "On %(num)d point they differ and can both be right.",
            "On %(num)d points they differ and can both be right.",
        ),
    )
    return tuple(ngettext(one, many, count) for count, one, many in found if count)


def kind_name(kind: str) -> str:
    """Return what a kind of comparison is called."""
    kinds = {
        "contradicts": _("Contradict each other"),
        "inTensionWith": _("In tension"),
        "differsFrom": _("Differ, and can both be right"),
        "firmerThan": _("The first is firmer"),
        "corroborates": _("Agree"),
    }
    return kinds[kind]


def pair_title(kind: str) -> str:
    """Return what a pair of claims comes to, by its kind."""
    titles = {
        "contradicts": _("Two documents contradict each other"),
        "inTensionWith": _("Two documents are in tension"),
        "differsFrom": _("Two documents differ, and both can be right"),
        "firmerThan": _("One document is firmer than another"),
        "corroborates": _("Two documents agree"),
    }
    return titles[kind]


def state_name(point: Point) -> str:
    """Return how columns stand to each other on a point."""
    if point.is_disputed:
        return _("documents disagree")
    return {"same": _("Same"), "different": _("Different"), "alone": _("One only")}[point.state]


def join_names(labels: Iterable[Label]) -> str:
    """Return names in one line: "a, b and c"."""
    *rest, last = [label.text for label in labels]
    return f"{', '.join(rest)} {_('and')} {last}" if rest else last


def _tell_documents(report: DocumentReport) -> Iterator[Sentence]:
    count = report.tally.contradicts
    clash = ngettext(
        "The documents contradict each other on %(num)d point.",
        "The documents contradict each other on %(num)d points.",
        count,
    )
    yield (clash, True) if count else (_("The documents do not contradict each other."), False)
    yield from ((text, False) for text in tell_others(report.tally))


def _tell_things(report: ThingReport) -> Iterator[Sentence]:
    same, different, alone = (report.counts.get(state, 0) for state in ("same", "different", "alone"))
    shared = ngettext("They share %(num)d point", "They share %(num)d points", same)
    yield f"{shared} {_('and differ on %(num)d.', num=different)}", False
    only = "On %(num)d point documents speak of one of them only."
    yield ngettext(only, "On %(num)d points documents speak of one of them only.", alone), False
    clash = "Documents disagree on %(num)d point."
    if report.disputed:
        yield ngettext(clash, "Documents disagree on %(num)d points.", report.disputed), True
    else:
        yield _("No two documents disagree on them."), False


def _tell_topic(report: TopicReport) -> Iterator[Sentence]:
    if not report.documents:
        yield _("No document says anything about it."), False
        return
    speaking = "%(num)d document speaks of it."
    yield ngettext(speaking, "%(num)d documents speak of it.", len(report.documents)), False
    if len(report.documents) > 1:
        count, clash = report.tally.contradicts, "They contradict each other on %(num)d point."
        told = ngettext(clash, "They contradict each other on %(num)d points.", count)
        yield (told, True) if count else (_("They do not contradict each other."), False)
        yield from ((text, False) for text in tell_others(report.tally))
    if report.silent:
        yield f"{_('Nothing is said of it by:')} {join_names(report.silent)}.", False
