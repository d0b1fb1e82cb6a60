"""`/claims`: the list of main claims; also what came of predictions, and who should do what."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, render_template, request, url_for

from digitech_kg.book import ClaimFilter
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import DK
from digitech_kg.tables import Table, make_table
from digitech_kg.web.http.languages import _, current_words, ngettext, number_words, with_capital, words_of
from digitech_kg.web.pages.citing import Origin
from digitech_kg.web.pages.claim_list import (
    FORECASTS,
    LaterClaim,
    Line,
    ListOptions,
    columns,
    count_firmness,
    find_mains,
    list_choices,
    load_lines,
    narrowed_to,
    read_asked,
    title_of,
    view_list,
)
from digitech_kg.web.pages.kept import ENDINGS, Kept, Paragraph
from digitech_kg.web.reading.dataset import Document, read_documents, topics_of
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Detail, Mark, count_mains
from digitech_kg.web.site import Site


@dataclass(frozen=True)
class Forecast:
    """What one sentence of a document predicts: its main claims of which later documents say the same, and what."""

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
    def outcomes(self) -> tuple[LaterClaim, ...]:
        """What later documents say, each of their sentences once."""
        return tuple({(o.words, o.said.passages): o for o in reversed(self.first.outcomes)}.values())[::-1]


class Forecasts:
    """What is predicted by sentence, those with an answer first; and what somebody promises or decides to do."""

    def __init__(self, reader: GraphReader, asked: ListOptions) -> None:
        mains = [iri for kind in FORECASTS for iri in find_mains(reader, replace(asked, kind=kind))]
        lines = load_lines(reader, mains)
        answers = {outcome.said.claim.iri for line in lines for outcome in line.outcomes}
        promises = (line for line in lines if line.claim.firm.kind == "promise")
        self.promises = _by_sentence(line for line in promises if line.claim.iri not in answers)
        self.sentences = _by_sentence(line for line in lines if line.claim.firm.kind == "prediction")
        #: How many sentences predict something, in words.
        self.heading = with_capital(ngettext("One prediction", "%(count)s predictions", len(self.sentences)))
        self.finding = _tell_forecasts(self.heading, self.sentences)
        #: In how many main claims, which files list.
        self.claims = count_mains(sum(len(one.lines) for one in self.sentences))

    @property
    def rest(self) -> tuple[str, list[Line]]:
        """Return what else the page lists, and the heading above it."""
        return _("Promises and decisions"), [line for one in self.promises for line in one.lines]

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield what is copied of it."""
        for one in (*self.sentences, *self.promises):
            heading = self.rest[0] if self.promises and one is self.promises[0] else ""
            yield Paragraph(" ".join(line.claim.sentence for line in one.lines), (one.first.note.cited,), heading)
            yield from (Paragraph(f"{o.words}: {o.said.with_document}", (o.note.cited,)) for o in one.outcomes)
            if not one.outcomes:
                yield Paragraph(f"{_('No later document says what came of it')}.")


def _by_sentence(lines: Iterable[Line]) -> tuple[Forecast, ...]:
    """Return lines of the same passages together of which the same is said later, those with an answer first."""
    later = ((line, tuple((o.words, o.said.passages) for o in line.outcomes)) for line in lines)
    groups = grouped(((line.said.passages or line.claim.iri, told), line) for line, told in later)
    return tuple(sorted((Forecast(tuple(group)) for group in groups.values()), key=lambda one: not one.outcomes))


def _tell_forecasts(made: str, sentences: tuple[Forecast, ...]) -> str:
    """Return how many predictions there are, how firm they are, who makes them, and what later documents say."""
    if not sentences:
        return _("No prediction was found here.")
    words = current_words()
    names = words.enumerate(list(dict.fromkeys(one.first.said.document.text for one in sentences)))
    made = f"{made} ({names})"
    if unsure := sum(one.first.claim.firm.certainty != "certain" for one in sentences):
        put = ngettext("one of them as probable or possible", "%(count)s of them as probable or possible", unsure)
        made = f"{made}, {put}"
    first = f"{made}."
    answered = sum(bool(one.outcomes) for one in sentences)
    if not answered:
        return f"{first} {_('No later document answers any of them.')}"
    told = Counter(outcome.mark for one in sentences for outcome in one.outcomes)
    counts = {mark: told[mark] for mark in words_of("outcome") if told[mark]}
    verdicts = [words_of("outcome", n)[mark] % {"count": number_words(n)} for mark, n in counts.items()]
    second = ngettext(
        "Later documents answer one of them: %(verdicts)s.",
        "Later documents answer %(count)s of them: %(verdicts)s.",
        answered,
        verdicts=words.enumerate(verdicts),
    )
    rest = len(sentences) - answered
    silent = ngettext(
        "No later document says what came of one of them.",
        "No later document says what came of %(count)s of them.",
        rest,
    )
    return f"{first} {second} {silent if rest else ''}".strip()


class AdviceBoard:
    """Recommendations by document, each with rules and calls of others beside it, and the others by who is to act."""

    def __init__(self, reader: GraphReader, asked: ListOptions) -> None:
        recommended = find_mains(reader, asked)
        lines = load_lines(reader, [*recommended, *find_mains(reader, ListOptions(kind="norm")), *_find_calls(reader)])
        own = [line for line in lines if line.claim.iri in recommended]
        rules, topics = [line for line in lines if line.claim.iri not in recommended], _topics(reader, lines)
        # The topic that all recommendations share pairs them with nothing.
        common = set.intersection(*(topics[line.claim.iri] for line in own)) if len(own) > 1 else set[str]()
        found, told = defaultdict[Document, list[tuple[Line, list[Line]]]](list), set[str]()
        for line in own:
            here, document = topics[line.claim.iri] - common, line.said.document
            beside = [rule for rule in rules if rule.said.document != document and here & topics[rule.claim.iri]]
            found[document].append((line, beside))
            told |= {rule.claim.iri for rule in beside}
        fitting = set(find_mains(reader, replace(asked, kind="")))
        left = [rule for rule in rules if rule.claim.iri in fitting]
        rest = grouped((rule.addressee, rule) for rule in left if rule.claim.iri not in told)
        self.recommended = list(found.items())
        self.others = sorted(rest.items(), key=lambda item: (not item[0], -len(item[1])))
        self.finding = self._tell([] if asked.document else left)

    @property
    def rest(self) -> tuple[str, list[Line]]:
        """Return what else the page lists, and the heading above it."""
        return _("What else should be done"), [line for _who, found in self.others for line in found]

    def paragraphs(self) -> Iterator[Paragraph]:
        """Yield what is copied of it: what others say stands, with a dash, below what it is paired with."""
        paired = _("Below each, with a dash: what others say on one of its topics. The pairing is ours")
        for document, found in self.recommended:
            yield Paragraph(f"{paired}.", heading=document.text)
            for line, beside in found:
                yield from (_paragraph(own, "" if own is line else "– ") for own in (line, *beside))
        heading, rest = self.rest
        yield from (_paragraph(line, heading="" if place else heading) for place, line in enumerate(rest))

    def _tell(self, rules: Iterable[Line]) -> str:
        said = []
        for document, lines in self.recommended:
            named = sum(bool(line.addressee) for line, _beside in lines)
            told = ngettext("one recommendation", "%(count)s recommendations", len(lines))
            # Advice that a document only passes on is not its own.
            views = {"".join(m.text for m in line.said.marks if m.symbol == "told") for line, _beside in lines}
            view = views.pop() if len(views) == 1 else ""
            told += f" ({view[:1].lower()}{view[1:]})" if view else ""
            whom = _("addressee named") if named else _("addressee not named")
            if 0 < named < len(lines):
                whom = ngettext("addressee named in one", "addressee named in %(count)s", named)
            said.append(f"{document.text}: {told}, {whom}.")
        said = said or [_("No recommendation was found here.")]
        whose = grouped((rule.said.document.text, rule.addressee) for rule in rules if rule.addressee)
        if whose:
            found = ((name, current_words().enumerate(list(dict.fromkeys(whom)))) for name, whom in whose.items())
            told = "; ".join(f"{name} ({whom})" for name, whom in found)
            said.append(_("Calls and demands say what others should do: %(who)s.", who=told))
        return " ".join(said)


def _paragraph(line: Line, mark: str = "", heading: str = "") -> Paragraph:
    whom = with_capital(line.addressee) or _("Addressee not named")
    return Paragraph(f"{mark}{whom}: {line.said.with_document}", (line.note.cited,), heading)


def _find_calls(reader: GraphReader) -> list[str]:
    """Return the main claims that say who calls for something; what somebody should do stands in their parts."""
    mains = reader.book.values(reader.book.find_claims(ClaimFilter(kind="norm", part="1")), DK.elaborates)
    found = dict.fromkeys(main.value for own in mains.values() for main in own[DK.elaborates])
    told = reader.book.values(found, DK.predicate)
    return [iri for iri in found if DK.callsFor in told[iri][DK.predicate]]


def _topics(reader: GraphReader, lines: Iterable[Line]) -> dict[str, set[str]]:
    """Return the topics of each claim and of its parts."""
    own = {line.claim.iri: (line.claim.iri, *(detail.name.iri for detail in line.said.details)) for line in lines}
    told = topics_of(reader, {iri for iris in own.values() for iri in iris})
    return {main: set().union(*(told.get(iri, ()) for iri in iris)) for main, iris in own.items()}


#: Lists that are told as answers, by their kind, unless an address asks for the table.
_ANSWERS: Final[Mapping[str, tuple[str, Callable[..., Forecasts | AdviceBoard]]]] = {
    "prediction": ("predictions.html", Forecasts),
    "recommendation": ("recommendations.html", AdviceBoard),
}


def blueprints(site: Site) -> Iterator[Blueprint]:
    blueprint = site.blueprint("claims", __name__)

    @blueprint.get("/claims")
    def listing() -> str:
        reader = site.reader
        asked = read_asked(reader, request.args)
        address = _address(asked)
        told = {
            "asked": asked,
            "address": address,
            "columns": {key: title for key, (title, _told) in columns().items()},
            "documents": read_documents(reader),
            "choices": list_choices(reader),
        }
        if asked.kind not in _ANSWERS or asked.columns or asked.sort:
            page = view_list(reader, asked)
            return render_template("claims.html", page=page, **told)
        template, view = _ANSWERS[asked.kind]
        answer = view(reader, asked)
        kept = Kept(title_of(asked), Origin(reader, address), answer.finding, tuple(answer.paragraphs()))
        return render_template(template, page=answer, copied=kept.copied(), **told)

    @blueprint.get(f"/claims.<any({', '.join(ENDINGS)}):ending>")
    def file(ending: str) -> Response:
        reader = site.reader
        asked = read_asked(reader, request.args)
        lines = load_lines(reader, find_mains(reader, asked))
        answer = _ANSWERS[asked.kind][1](reader, asked) if asked.kind in _ANSWERS else None
        # Such as "prediction" or "norm-cyber-security".
        name = "-".join(filter(None, (asked.kind or "main-claims", asked.topic, asked.certainty, asked.document)))
        finding = answer.finding if answer else count_firmness(reader, asked, len(lines))
        finding = ": ".join(filter(None, (narrowed_to(reader, asked), finding)))
        return _keep(asked, lines, Origin(reader, _address(asked)), answer, finding).file(ending, name)

    yield blueprint


def _address(asked: ListOptions) -> str:
    """Return the whole address of a list, with the language of the request if it names one."""
    return url_for("claims.listing", **asked.parameters(), _external=True)


def list_table(title: str, lines: Iterable[Line], keys: tuple[str, ...]) -> Table:
    """Return a row for each main claim, with its sentence and some columns."""
    names, keys = columns(), ("sentence", *keys)
    rows = [[line.cell(key) or None for key in keys] for line in lines]
    return make_table(title, [names[key][0] for key in keys], rows)


def _keep(
    asked: ListOptions, lines: Sequence[Line], origin: Origin, answer: Forecasts | AdviceBoard | None, finding: str
) -> Kept:
    """Return a list as it is kept: all columns in sheets, fewer on paper, and what an answer tells of it."""
    title, keys = title_of(asked), asked.file_columns()
    told = tuple(answer.paragraphs()) if answer else ()
    heading, rest = answer.rest if answer else ("", [])
    sheets = [list_table(title, lines, keys), *([list_table(heading, rest, keys)] if rest else [])]
    table, notes = list_table(title, lines, asked.shown_columns()), tuple(line.note for line in (*lines, *rest))
    about = ((_("List"), title), (_("Main claims"), str(len(lines))))
    return Kept(title, origin, finding, told, tuple(sheets), table, notes, about)
