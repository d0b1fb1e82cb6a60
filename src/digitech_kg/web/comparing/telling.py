"""What a comparison comes to, in a title and sentences: the same on its page and in its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from digitech_kg.comparison.reading import Label
from digitech_kg.comparison.reports import DocumentReport, Point, Tally, ThingReport, TopicReport
from digitech_kg.web.comparing.reading import SideBySide
from digitech_kg.web.http.languages import translate as _
from digitech_kg.web.http.languages import translate_number as ngettext

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
        "differsFrom": _("Differ, and can both be right"),
        "firmerThan": _("The first is firmer"),
        "corroborates": _("Agree"),
    }
    return kinds[kind]


def pair_title(kind: str) -> str:
    """Return what a pair of claims comes to, by its kind."""
    titles = {
        "contradicts": _("Two documents contradict each other"),
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
    clash = "Documents contradict each other on %(num)d point."
    if report.disputed:
        yield ngettext(clash, "Documents contradict each other on %(num)d points.", report.disputed), True
    else:
        yield _("No two documents contradict each other on them."), False


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
