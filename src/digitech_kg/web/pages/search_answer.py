"""The answer that a search opens with: a finding, and below it who says what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, groupby
from typing import Any, Final

from flask import url_for
from werkzeug.datastructures import MultiDict

from digitech_kg.book import Book, ClaimEntry, ClaimFilter
from digitech_kg.claims.model import SALIENCES
from digitech_kg.iteration import grouped, in_turns
from digitech_kg.namespaces import DK
from digitech_kg.search.meant import Meant
from digitech_kg.search.nearest import speaking
from digitech_kg.sparql_text.tokens import names_in
from digitech_kg.web.http.languages import _, ngettext
from digitech_kg.web.pages.answers import Answer, Statement, take_turns
from digitech_kg.web.pages.issue_view import IssueView, Stand
from digitech_kg.web.pages.search_notices import (
    enumerate_names,
    gives,
    main_of,
    tell_lacking,
    tell_missing,
    tell_parts,
    text_of,
)
from digitech_kg.web.reading.claim_views import ClaimView, first_time, load_claims
from digitech_kg.web.reading.dataset import Document, name_topics, read_documents
from digitech_kg.web.reading.labels import Labels, Name, comparison_of
from digitech_kg.web.reading.questions import find_question
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Sentence, Telling, count_mains, pronoun_of, say_unfinished, say_who_speaks

#: Main claims of an answer: of one document, of each of several, and of the only one that speaks of a thing.
_MOST_OF_ONE: Final = 12
_MOST_OF_EACH: Final = 2
_MOST_OF_ONLY: Final = 5
#: Of more documents than these one sentence each is shown.
_FEW: Final = 3
_BOTH: Final = 2
_FILES: Final = (("Word", "docx"), ("Excel", "xlsx"))


@dataclass(frozen=True)
class FoundAnswer:
    """An answer: what it is the answer to, with its page; what it comes to; and what it rests on."""

    title: str
    href: str
    finding: str
    #: Of the title, if it is not the page's.
    language: str = ""
    lines: tuple[Sentence, ...] = ()
    #: The sentences of a saved question's answer, and how many more it has.
    statements: tuple[Statement, ...] = ()
    more: int = 0
    #: Addresses of the same as files, by what they are called.
    files: Mapping[str, str] = field(default_factory=dict)
    #: What no main claim has together with what is told; what no document has; what the answer does not name.
    left_out: str = ""
    nowhere: str = ""
    absent: str = ""
    #: The answer on a page that is close to what is asked.
    close: FoundAnswer | None = None
    #: IRIs that the rows of a saved question name.
    named: Set[str] = frozenset()
    #: The name of the document whose page it is, which says more than the answer.
    document: str = ""
    #: What other sources tell of a thing of which no document speaks.
    outside: tuple[ClaimView, ...] = ()


def answer(reader: GraphReader, meant: Meant) -> FoundAnswer | None:
    """Return the answer to what is asked for; None if nothing is known that could be answered."""
    if not meant.is_sure:
        found = replace(_nearest(reader, meant), close=_close(reader, meant))
        if meant.kind == "issue":
            found = replace(found, lines=_with_both_sides(reader, meant.iri, found.lines))
    elif meant.kind == "issue":
        found = _issue(reader, meant.iri.removeprefix(reader.names.prefixes["issue"]), meant.nearest, meant.further)
    elif meant.kind == "question":
        found = _question(reader, meant)
    elif meant.kind == "claims":
        found = _nearest(reader, meant)
        if meant.disputed:
            found = replace(found, lines=_with_both_sides(reader, meant.disputed, found.lines))
    elif meant.kind in ("topic", "said"):
        found = said(reader, meant)
    else:
        return None
    found = replace(found, lines=tuple(tell_parts(reader, meant, found.lines)))
    first: tuple[Sentence | Statement, ...] = (*found.statements, *found.lines)
    is_given = partial(gives, meant, language=reader.language)
    # What a saved question's rows give, its sentences need not; and a document as a whole is told with its date.
    is_given_above = meant.kind == "question" or (found.document and not meant.nearest)
    lacking = "" if is_given_above else tell_lacking(reader, meant, first, is_given)
    nowhere = " ".join(filter(None, (tell_missing(reader, meant), lacking)))
    giving = sorted(_by_passage(found.lines), key=lambda own: not any(is_given(line) for line in own))
    found = replace(found, lines=tuple(chain.from_iterable(giving)))
    # What no document has comes first, if an answer without it is none.
    if nowhere and (meant.kind in ("claims", "said") or meant.apart):
        return replace(found, finding=f"{nowhere} {found.finding}")
    return replace(found, nowhere=nowhere)


def tell_beside(reader: GraphReader, meant: Meant, found: FoundAnswer | None) -> Iterator[FoundAnswer]:
    """Yield what is told beside an answer: if it leaves something out, the closest issue, and what is said of that."""
    issues = {issue.iri: issue.name for issue in reader.book.issues.values()}
    close = next((match.answerable.iri for match in meant.close if match.answerable.iri in issues), "")
    if close and meant.kind in ("said", "claims") and (meant.left_out or meant.beside):
        yield replace(_issue(reader, issues[close]), lines=())
    for iri in (iri for iri in meant.beside if not (found and iri in found.named)):
        told = said(reader, Meant("said", things=(iri,)), 1)
        yield replace(told, title=f"{told.title[:1].upper()}{told.title[1:]}")


def _nearest(reader: GraphReader, meant: Meant) -> FoundAnswer:
    """Return the sentences that come nearest to a question, with the document of the first."""
    lines = tuple(Telling(reader, list(meant.nearest)).sentences.values())
    first = reader.book.find_entries(meant.nearest[:1])[meant.nearest[0]]
    document = read_documents(reader)[first.put.document]
    labels, finding = Labels(reader, meant.left_out), _say_found(len(lines), is_answer=meant.is_all)
    if meant.document:
        called = _called(document, False)
        finding = f"{called}: {finding[:1].lower()}{finding[1:]}"
    return FoundAnswer(
        document.text,
        url_for("documents.document", name=document.key),
        finding,
        absent=enumerate_names([labels.name(iri).text for iri in meant.left_out]),
        lines=lines,
        document=document.text,
    )


def _say_found(count: int, *, is_answer: bool) -> str:
    if is_answer:
        return ngettext("One sentence answers this.", "These sentences answer this.", count)
    return ngettext("This sentence comes nearest.", "These sentences come nearest.", count)


def _close(reader: GraphReader, meant: Meant) -> FoundAnswer:
    """Return the page that is close to what is asked: an issue with its finding, a saved question by its name alone."""
    prefixes = reader.names.prefixes
    if meant.kind == "issue":
        return _issue(reader, meant.iri.removeprefix(prefixes["issue"]))
    name = meant.iri.removeprefix(prefixes["query"])
    return FoundAnswer(find_question(reader, name).label, url_for("answers.question", name=name), "")


def _issue(reader: GraphReader, name: str, nearest: Sequence[str] = (), further: Sequence[str] = ()) -> FoundAnswer:
    """Return the answer on an issue: what comes nearest goes first, what is near before what takes no side."""
    view = IssueView(reader, name)
    on_sides = [stand for stands, _empty in view.rungs for stand in stands]
    lines = _sides_in_turn(view, _opened(reader, nearest, _told_by(on_sides)))
    if len({stand.answer.side.removeprefix("towards ") for stand in on_sides}) < _BOTH:
        # Who takes no side is heard where nobody takes the other one.
        places = {main: place for place, main in enumerate(further)}
        told = {main_of(line.claim) for line in lines}
        others = [line for line in _told_by(view.stands) if main_of(line.claim) not in told]
        lines = (*lines, *sorted(others, key=lambda line: places.get(main_of(line.claim), len(places))))
    files = {title: url_for("issues.file", name=name, kind=kind) for title, kind in _FILES}
    href = url_for("issues.issue", name=name)
    return FoundAnswer(view.question, href, view.finding, view.language, lines=lines, files=files)


def _told_by(stands: Iterable[Stand]) -> list[Sentence]:
    """Return what says best where documents stand, each with what else is to be said of that."""
    return [replace(one.said, marks=(), remark="".join(one.remarks[-1:])) for one in stands if one.said]


def _with_both_sides(reader: GraphReader, issue: str, lines: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return the lines that come nearest to a question, and one of each side of an issue close to it that has none."""
    view = IssueView(reader, issue.removeprefix(reader.names.prefixes["issue"]))
    first, told = next(_by_passage(lines), ()), {line.document.key for line in lines}
    sides = [[stand for stand in view.stands if stand.answer.side.endswith(side)] for side in ("affirms", "denies")]
    lacking = (own[0].said for own in sides if own and told.isdisjoint(stand.document.key for stand in own))
    return (*first, *(replace(said, marks=(), position=None) for said in lacking if said), *lines[len(first) :])


def _sides_in_turn(view: IssueView, lines: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Return the lines of an answer so that each side of an issue has one among the first; sides have rungs."""
    sides = {stand.document.key: rung for rung, (stands, _empty) in enumerate(view.rungs) for stand in stands}
    found = in_turns(_by_passage(lines), lambda own: sides.get(own[0].document.key))
    return tuple(chain.from_iterable(found))


def _by_passage(lines: Iterable[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Yield the lines that stand in one passage, which are told together."""
    yield from (tuple(own) for _passages, own in groupby(lines, lambda line: (line.passages, line.position)))


def _opened(reader: GraphReader, nearest: Sequence[str], lines: Sequence[Sentence]) -> Iterator[Sentence]:
    """Yield the lines of an answer, those first that come nearest to the question, which may be other ones."""
    own = {main_of(line.claim): line for line in lines}
    told = Telling(reader, [iri for iri in nearest if iri not in own]).sentences
    yield from (own.get(iri) or told[iri] for iri in nearest)
    yield from (line for line in lines if main_of(line.claim) not in nearest)


def _question(reader: GraphReader, meant: Meant) -> FoundAnswer:
    """Return the answer to a saved question, as far as it is on the things that the text names."""
    name = meant.iri.removeprefix(reader.names.prefixes["query"])
    question, given = find_question(reader, name), dict[str, Any](meant.given)
    found = Answer(reader, question, MultiDict(given), (*meant.others, *meant.things))
    named = [iri for iri in meant.others if iri in found.asked.named]
    told, outside = _told(reader, meant, found), _facts_from_outside(reader, meant, found, named)
    if meant.given and meant.nearest and not (found.found or outside):
        # A question of something else that can be asked of this thing, but nothing answers.
        return _nearest(reader, meant)
    # Who is part of a firm is named as that firm.
    wholes = reader.book.values(found.asked.named, DK.isPartOf).values()
    all_named = found.asked.named.union(term.value for own in wholes for terms in own.values() for term in terms)
    lines: tuple[Sentence | Statement, ...] = (*told.lines, *told.statements)
    text, labels = " ".join([told.finding, *map(text_of, lines)]), Labels(reader, (*named, *meant.things))
    if not (found.found or given) and len(meant.things) > 1:
        names = enumerate_names([labels.name(iri).text for iri in meant.things])
        told = replace(told, finding=f"{told.finding} {_('No entry here names %(names)s together.', names=names)}")
    return replace(
        told,
        title=" · ".join([found.title, *(labels.name(iri).text for iri in named)]),
        href=url_for("answers.question", name=name, **given),
        language=found.language,
        lines=() if outside else told.lines,
        files={title: url_for("answers.file", name=name, kind=kind, **given) for title, kind in _FILES},
        absent="" if given else _absent(reader, meant.others, all_named, text),
        named=all_named,
        outside=outside,
    )


def _told(reader: GraphReader, meant: Meant, found: Answer) -> FoundAnswer:
    """Return what the answer to a saved question says, that first which comes nearest to what is asked."""
    finding, shown, statements, more = found.lead, list[Sentence](), found.said, found.more
    # Without a finding of its own it is told by main claims, which are what documents say in full.
    if mains := [] if finding else _main_lines(reader, list(found.all_notes)):
        count = len({main_of(one.claim) for one in mains}.union(meant.nearest))
        finding = _say_found(count, is_answer=not (meant.apart or meant.unknown))
        shown = take_turns(mains, [one.claim for one in mains], _MOST_OF_ONE)
        statements, more = (), len(mains) - len(shown)
    elif statements and not finding:
        finding, statements = statements[0].text, statements[1:]
    elif found.table.below and not statements:
        statements = tuple(found.listed(_("%(num)s more", num="{}")))
    behind = {iri: statement for statement in statements for iri in map(main_of, statement.claims)}
    statements = tuple(dict.fromkeys([*(behind[iri] for iri in meant.nearest if iri in behind), *statements]))
    own, nearest = [main_of(line.claim) for line in shown], [iri for iri in meant.nearest if iri not in behind]
    # What one document says keeps its order where it is shown to its end.
    is_whole = not more and {*own}.issuperset(nearest) and len({line.document.key for line in shown}) == 1
    # Rows of other sources that name all that is asked of need nothing beside them.
    is_outside = all(note.claim.external for note in found.all_notes.values())
    is_told = bool(statements and meant.things) and is_outside and found.asked.named.issuperset(meant.things)
    nearest = [] if is_whole or is_told else nearest
    # What answers comes before what only has the words.
    answering = [iri for iri in nearest if iri in own]
    first = dict.fromkeys([*answering, *(own if answering else own[:_FEW]), *nearest])
    lines = tuple(_opened(reader, [*first], shown))
    return FoundAnswer("", "", finding, lines=lines, statements=statements, more=more)


def _facts_from_outside(
    reader: GraphReader, meant: Meant, found: Answer, named: Sequence[str]
) -> tuple[ClaimView, ...]:
    """Return what other sources say of things, in the words that the question has for it, if no document does."""
    silent = [] if found.found else [reader.names.prefixes["id"] + end for _parameter, end in meant.given]
    silent = silent or ([] if found.all_notes or found.said or found.table.below else [*named])
    if not silent:
        return ()
    asked = {iri or reader.names.expand(text) for text, iri in names_in(found.question.text)}
    asked |= {*reader.book.see_also(filter(None, asked)).values()}
    views = ((iri, view) for iri in silent for view in _outside(reader, iri) if view.predicate.iri in asked)
    return tuple(view for iri, view in views if meant.given or view.subject.iri == iri)


def _absent(reader: GraphReader, things: Iterable[str], named: Set[str], text: str) -> str:
    """Return the names of things that an answer and its text don't name though it names others of their kinds."""
    told = reader.book.describe({*things, *named})
    kinds = {kind for iri in named if iri in told for kind in told[iri].kinds}
    # Who asks of companies in general misses none of them.
    kinds -= reader.book.classes_below(DK.Group)
    missing = [iri for iri in things if iri not in named and iri in told and kinds & set(told[iri].kinds)]
    labels = Labels(reader, missing)
    names = (labels.name(iri).text for iri in missing)
    return enumerate_names([name for name in names if name not in text])


def _main_lines(reader: GraphReader, iris: Iterable[str]) -> list[Sentence]:
    """Return the main claims of claims of documents, or what its encoder read out of one: key claims first, in turn."""
    book, documents = reader.book, list(read_documents(reader))
    entries = {iri: entry for iri, entry in book.find_entries(iris).items() if entry.put.document}
    read = {iri for iri, own in book.values(entries, DK.basis).items() if DK.encoderReading in own[DK.basis]}
    mains = dict.fromkeys(iri if iri in read else entries[iri].main or iri for iri in iris if iri in entries)
    found = book.find_entries(mains).values()
    ranked = sorted(found, key=lambda e: (documents.index(e.put.document), SALIENCES.index(e.put.salience)))
    turns = in_turns(ranked, lambda entry: entry.put.document)
    return list(Telling(reader, [entry.iri for entry in turns]).sentences.values())


def said(reader: GraphReader, meant: Meant, of_each: int = _MOST_OF_EACH) -> FoundAnswer:
    """Return what documents say of things, or on a topic, or a document of both; so many sentences of each."""
    book, documents = reader.book, read_documents(reader)
    whole = {iri: name for name, iri in book.documents.items()}
    asked = meant.others if meant.kind == "topic" else meant.things
    spoken = meant.document or next((whole[iri] for iri in asked if iri in whole), "")
    things = [iri for iri in asked if iri not in whole]
    labels = Labels(reader, (*meant.things, *meant.left_out))
    topics = name_topics(reader)
    topic = next((t for t in book.topics.values() if t.iri == meant.iri), None)
    names, left_out = (
        [topics.get(iri) or labels.name(iri).text for iri in iris]
        for iris in ((*things, meant.iri) if topic else things, meant.left_out)
    )
    found = _mains(book, spoken, things, topic.iri if topic else "")
    mains = [entry for entry in found if not spoken or entry.put.document == spoken]
    nearness = {iri: place for place, iri in enumerate(meant.nearest)}
    mains.sort(key=lambda entry: nearness.get(entry.iri, len(nearness)))
    shown = _shown(mains, _MOST_OF_ONE if spoken else of_each)
    by_document = Counter(entry.put.document for entry in mains)
    first = labels.name(things[0]) if things else None
    title = " · ".join([*([documents[spoken].text] if spoken else []), *names])
    called = _called(documents[spoken], bool(names)) if spoken else ""
    lines = tuple(Telling(reader, shown).sentences.values())
    if spoken:
        # What its own words say comes before what others report of them, unless that is asked for.
        lines = tuple(sorted(lines, key=lambda line: line.is_second_hand and main_of(line.claim) not in nearness))
    return FoundAnswer(
        title,
        _page(reader, first, things, spoken, topic.name if topic else ""),
        _finding(names, called, by_document, {spoken: documents[spoken]} if spoken else documents, pronoun_of(first)),
        left_out=enumerate_names(left_out),
        lines=lines,
        more=len(mains) - len(shown),
        document=documents[spoken].text if spoken else "",
        outside=() if mains or spoken or topic or len(things) > 1 else _outside(reader, things[0]),
    )


def _outside(reader: GraphReader, thing: str) -> tuple[ClaimView, ...]:
    """Return what sources outside the documents tell of a thing, the latest first."""
    views, _labels = load_claims(reader, reader.book.find_claims(ClaimFilter(outside="1", about=thing)))
    return tuple(sorted((view for view in views.values() if view.external), key=first_time, reverse=True))


def _mains(book: Book, document: str, things: Sequence[str], topic: str) -> list[ClaimEntry]:
    """Return the main claims that speak of all the things on the topic, those that matter most first."""
    of_each = [speaking(book, document, iri, topic) for iri in things or [""]]
    common = [iri for iri in of_each[0] if all(iri in own for own in of_each)]
    entries = book.find_entries(common)
    return [entries[iri] for iri in common if iri in entries]


def _shown(mains: Iterable[ClaimEntry], most: int) -> list[str]:
    """Return the first claims of each document."""
    by_document = grouped((entry.put.document, entry.iri) for entry in mains)
    if most == _MOST_OF_EACH:
        most = 1 if len(by_document) > _FEW else _MOST_OF_ONLY if len(by_document) == 1 else most
    return [iri for own in by_document.values() for iri in own[:most]]


def _page(reader: GraphReader, first: Name | None, things: Sequence[str], document: str, topic: str) -> str:
    if document:
        return url_for("documents.document", name=document)
    if len(things) == _BOTH and not topic:
        return comparison_of(things, reader.names)
    return (first.href or "") if first else url_for("topics.topic", name=topic)


def _called(document: Document, is_short: bool) -> str:
    """Return what a document is called, with its authors and its date unless that is to be short."""
    by = ", ".join(filter(None, (*(author.text for author in document.authors), document.date)))
    return f"{document.text} ({by})" if by and not is_short else document.text


def _finding(
    names: Sequence[str], document: str, counts: Mapping[str, int], documents: Mapping[str, Document], pronoun: str
) -> str:
    """Return how many documents speak of it, and in how many main claims."""
    claims, name = count_mains(sum(counts.values())), enumerate_names(names)
    if document and not names:
        return _("%(document)s: what it says comes to %(claims)s.", document=document, claims=claims)
    if document and counts:
        return _("%(document)s: %(claims)s on %(name)s.", document=document, name=name, claims=claims)
    if not counts and (unfinished := say_unfinished(documents.values())):
        told = _("No claim here is about %(name)s.", name=name)
        told = _("%(document)s: no claim is about %(name)s.", document=document, name=name) if document else told
        return f"{told} {unfinished}"
    if document:
        return _("%(document)s: nothing on %(name)s in what was read.", document=document, name=name)
    if not counts:
        return _("No document here says anything about %(name)s.", name=name)
    told = say_who_speaks(counts, documents, _("them together") if len(names) > 1 else pronoun)
    names_one = told.startswith(tuple(it.text for it in documents.values()))
    return f"{name[:1].upper()}{name[1:]}: {told[:1] if names_one else told[:1].lower()}{told[1:]}"
