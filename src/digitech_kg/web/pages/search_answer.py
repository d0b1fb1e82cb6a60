"""The answer that a search opens with: a finding, and below it who says what."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import partial
from itertools import chain, groupby
from typing import Any, Final

from flask import url_for
from werkzeug.datastructures import MultiDict

from digitech_kg.book import ClaimFilter
from digitech_kg.claims.model import SALIENCES
from digitech_kg.iteration import in_turns
from digitech_kg.namespaces import DK
from digitech_kg.search.meant import Meant
from digitech_kg.sparql_text.tokens import names_in
from digitech_kg.web.http.languages import _, ngettext
from digitech_kg.web.pages.answers import Answer, Statement, companies_among, rows_on, take_turns
from digitech_kg.web.pages.issue_view import IssueView, Stand
from digitech_kg.web.pages.search_notices import (
    enumerate_in_text,
    enumerate_names,
    gives,
    tell_lacking,
    tell_missing,
    tell_parts,
    tell_silent,
    text_of,
)
from digitech_kg.web.pages.search_said import MOST_OF_ONE, FoundAnswer, called_in_full, outside_facts, said
from digitech_kg.web.reading.addresses import comparison_of
from digitech_kg.web.reading.claim_views import ClaimView
from digitech_kg.web.reading.dataset import read_documents
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.questions import find_question
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import Sentence, Telling

#: Sentences that stand before others that only come near, rows that tell of one company, the sides of an issue, and
#: the sentences of a first screen.
_FEW: Final = 3
_FEW_ON_COMPANY: Final = 8
_BOTH: Final = 2
_ON_ONE_SCREEN: Final = 5
_FILES: Final = (("Word", "docx"), ("Excel", "xlsx"))


def answer(reader: GraphReader, meant: Meant) -> FoundAnswer | None:
    """Return the answer to what is asked for; None if nothing is known that could be answered."""
    if not meant.is_sure:
        found = replace(_with_both_sides(reader, meant, _nearest(reader, meant)), close=_close(reader, meant))
    elif meant.kind == "issue":
        found = _issue(reader, meant.iri.removeprefix(reader.names.prefixes["issue"]), meant.nearest, meant.further)
    elif meant.kind == "question":
        found = _question(reader, meant)
    elif meant.kind == "claims":
        found = _with_both_sides(reader, meant, _nearest(reader, meant))
    elif meant.kind in ("topic", "said"):
        found = said(reader, meant)
    else:
        return None
    is_given = partial(gives, meant, language=reader.language)
    # What a saved question's rows give, its sentences need not; and a document as a whole has no number of its own.
    is_whole = bool(found.document and not meant.nearest)
    is_given_above = meant.kind == "question" or (is_whole and meant.wanted != "date")
    if not (is_whole or meant.kind == "question"):
        found = replace(found, lines=tuple(tell_parts(reader, meant, found.lines)))
    # What a saved question has from one document keeps its order.
    if meant.kind != "question" or len({line.document.key for line in found.lines}) > 1:
        giving = sorted(_by_passage(found.lines), key=lambda own: not any(is_given(line) for line in own))
        found = replace(found, lines=tuple(chain.from_iterable(giving)))
    lacking = "" if is_given_above else tell_lacking(reader, meant, (*found.statements, *found.lines), is_given)
    silent = tell_silent(reader, meant, dict.fromkeys(line.document.key for line in found.lines[:_FEW]))
    nowhere = " ".join(filter(None, (silent, tell_missing(reader, meant), lacking)))
    # What no document has comes first, if an answer without it is none.
    if nowhere and (meant.kind in ("claims", "said") or meant.apart or meant.unlisted):
        return replace(found, finding=f"{nowhere} {found.finding}")
    return replace(found, nowhere=nowhere)


def tell_beside(reader: GraphReader, meant: Meant, found: FoundAnswer | None) -> Iterator[FoundAnswer]:
    """Yield what is told beside an answer: if it leaves something out, the closest issue, and what is said of that."""
    issues = {issue.iri: issue.name for issue in reader.book.issues.values()}
    close = next(filter(issues.get, meant.close), "")
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
    labels = Labels(reader, (*meant.left_out, *meant.documents))
    finding = _say_found(len(lines), is_answer=meant.is_all)
    if meant.document:
        called = called_in_full(document)
        finding = f"{called}: {finding[:1].lower()}{finding[1:]}"
    iris = map(reader.book.documents.__getitem__, read_documents(reader))
    pair = [iri for iri in iris if iri in meant.documents]
    # Two documents that are compared have a page of their own.
    href = comparison_of(pair, reader.names) if len(pair) == _BOTH else ""
    title = enumerate_names([labels.name(iri).text for iri in pair]) if href else document.text
    return FoundAnswer(
        title,
        href or url_for("documents.document", name=document.key),
        finding,
        absent=enumerate_names([labels.name(iri).text for iri in meant.left_out]),
        lines=lines,
        document="" if href else document.text,
    )


def _say_found(count: int, *, is_answer: bool) -> str:
    if is_answer:
        return ngettext("One sentence answers this.", "These sentences answer this.", count)
    return ngettext("This sentence comes nearest.", "These sentences come nearest.", count)


def _close(reader: GraphReader, meant: Meant) -> FoundAnswer:
    """Return the page that is close to what is asked, a saved question with what it comes to.

    Yes or no to another question could be taken for that to this one.
    """
    if meant.kind == "issue":
        return replace(_issue(reader, meant.iri.removeprefix(reader.names.prefixes["issue"])), finding="")
    # The whole of it is told, or what it has on the companies that are named.
    found = _question(reader, replace(meant, things=(), others=companies_among(reader.book, meant.others)))
    # That sentences answer it is no finding; a few rows are one, and those on the companies that are asked about.
    told = "" if found.lines and not found.statements else found.finding
    few = _FEW_ON_COMPANY if companies_among(reader.book, meant.others) else _FEW
    rows = [each.text for each in found.statements] if len(found.statements) <= few and not found.more else []
    return replace(found, finding=" ".join(filter(None, (told, *rows))), lines=(), statements=())


def _issue(reader: GraphReader, name: str, nearest: Sequence[str] = (), further: Sequence[str] = ()) -> FoundAnswer:
    """Return the answer on an issue: what comes nearest goes first, what is near before what takes no side."""
    view = IssueView(reader, name)
    on_sides = [stand for stands, _empty in view.rungs for stand in stands]
    told, others = _told_by(on_sides), list[Sentence]()
    near = {main: place for place, main in enumerate(dict.fromkeys((*nearest, *further)))}
    if len({stand.answer.side.removeprefix("towards ") for stand in on_sides}) < _BOTH:
        # Who takes no side is heard where nobody takes the other one, early if that comes near.
        others = [line for line in _told_by(view.stands) if line not in told]
        others.sort(key=lambda line: near.get(line.claim.main_claim, len(near)))
        told += (line for line in others if line.claim.main_claim in near)
    lines = _sides_in_turn(view, _opened(reader, nearest, told))
    lines = (*lines, *(line for line in others if line.claim.main_claim not in near))
    files = {title: url_for("issues.file", name=name, kind=kind) for title, kind in _FILES}
    href = url_for("issues.issue", name=name)
    return FoundAnswer(view.question, href, view.finding, view.language, lines=lines, files=files)


def _told_by(stands: Iterable[Stand]) -> list[Sentence]:
    """Return what says best where documents stand, each with what else is to be said of that."""
    return [replace(one.said, marks=(), remark="".join(one.remarks[-1:])) for one in stands if one.said]


def _with_both_sides(reader: GraphReader, meant: Meant, found: FoundAnswer) -> FoundAnswer:
    """Return what comes nearest to a question, with what is said best on each side of an issue that it leaves out.

    If the issue itself is close to the question, what each side says of it is to be among the first lines. The words of
    one document need no other side.
    """
    lines = found.lines
    issue = "" if meant.document else meant.iri if meant.kind == "issue" else meant.disputed
    if not issue:
        return found
    view = IssueView(reader, issue.removeprefix(reader.names.prefixes["issue"]))
    mains = {one.claim.main_claim for one in lines[:_ON_ONE_SCREEN]}
    near = {main: place for place, main in enumerate((*meant.nearest, *meant.further))}
    # Of those on one side it is the one that comes nearest.
    said_by = [(one.answer.side, one.said) for one in view.stands if one.said]
    said_by.sort(key=lambda own: near.get(own[1].claim.main_claim, len(near)))
    sides = [[one for side, one in said_by if side.endswith(s)] for s in ("affirms", "denies")]
    if meant.kind == "issue" and not all(sides):
        # Who takes no side is heard where nobody takes the other one.
        sides += ([one.said] for one in view.stands if one.said and one.said.claim.main_claim in meant.further)
    added = {
        own[0].claim.main_claim: replace(own[0], marks=(), position=None)
        for own in sides
        if own and mains.isdisjoint(one.claim.main_claim for one in own)
    }
    first = next(_by_passage(lines), ())
    others = (line for line in lines[len(first) :] if line.claim.main_claim not in added)
    return replace(found, lines=(*first, *added.values(), *others))


def _sides_in_turn(view: IssueView, lines: Iterable[Sentence]) -> tuple[Sentence, ...]:
    """Return the lines of an answer so that each side of an issue has one among the first, then each document."""
    taken = ((stand.document.key, stand.answer.side.removeprefix("towards ")) for stand in view.stands)
    sides = {document: side for document, side in taken if side in ("affirms", "mixed", "denies")}
    by_document = in_turns(_by_passage(lines), lambda own: own[0].document.key)
    found = in_turns(by_document, lambda own: sides.get(own[0].document.key, own[0].document.key))
    return tuple(chain.from_iterable(found))


def _by_passage(lines: Iterable[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Yield the lines that stand in one passage, which are told together."""
    yield from (tuple(own) for _passages, own in groupby(lines, lambda line: (line.passages, line.position)))


def _opened(reader: GraphReader, nearest: Sequence[str], lines: Sequence[Sentence]) -> Iterator[Sentence]:
    """Yield the lines of an answer, those first that come nearest to the question, which may be other ones."""
    own = {line.claim.main_claim: line for line in lines}
    told = Telling(reader, [iri for iri in nearest if iri not in own]).sentences
    yield from (own.get(iri) or told[iri] for iri in nearest)
    yield from (line for line in lines if line.claim.main_claim not in nearest)


def _question(reader: GraphReader, meant: Meant) -> FoundAnswer:
    """Return the answer to a saved question, as far as it is on the things that the text names."""
    name = meant.iri.removeprefix(reader.names.prefixes["query"])
    question, given = find_question(reader, name), dict[str, Any](meant.given)
    found = Answer(reader, question, MultiDict(given), rows_on(reader.book, meant.others, meant.things))
    named = [iri for iri in meant.others if iri in found.asked.named]
    told, outside = _told(reader, meant, found), _facts_from_outside(reader, meant, found, named)
    if meant.given and meant.nearest and not (found.found or outside):
        # A question of something else that can be asked of this thing, but nothing answers.
        return _nearest(reader, meant)
    # Who is part of a firm is named as that firm.
    wholes = reader.book.values(found.asked.named, DK.isPartOf).values()
    all_named = found.asked.named.union(term.value for own in wholes for terms in own.values() for term in terms)
    lines: tuple[Sentence | Statement, ...] = (*told.lines, *told.statements)
    text = " ".join([told.finding, *map(text_of, lines)])
    if not (found.found or given) and len(meant.things) > 1:
        # Of several firms each is told of by itself.
        firms = companies_among(reader.book, meant.things)
        states = {iri for iri, of in reader.book.describe(meant.things).items() if DK.State.value in of.kinds}
        others = [iri for iri in meant.things if iri not in firms and iri not in states]
        for things in [[firm, *others] for firm in firms] if others and firms else [meant.things]:
            names = enumerate_in_text(reader, things)
            told = replace(told, finding=f"{told.finding} {_('No entry here names %(names)s together.', names=names)}")
    address: dict[str, Any] = {"name": name, **given, **found.given}
    absent = "" if given else _absent(reader, meant.others, all_named, text)
    if absent and not (told.lines or outside):
        told = replace(told, lines=_on_companies(reader, meant, all_named))
    return replace(
        told,
        title=found.title,
        href=url_for("answers.question", **address),
        language=found.language,
        lines=() if outside else told.lines,
        files={title: url_for("answers.file", kind=kind, **address) for title, kind in _FILES},
        absent=absent,
        named=all_named,
        outside=outside,
    )


def _on_companies(reader: GraphReader, meant: Meant, named: Set[str]) -> tuple[Sentence, ...]:
    """Return what comes near on companies that the rows don't name: they may be part of what else is asked."""
    missing = [iri for iri in companies_among(reader.book, meant.others) if iri not in named]
    own = set[str]().union(*(reader.book.find_claims(ClaimFilter(about=iri)) for iri in missing))
    return tuple(Telling(reader, [iri for iri in meant.further[:_BOTH] if iri in own]).sentences.values())


def _told(reader: GraphReader, meant: Meant, found: Answer) -> FoundAnswer:
    """Return what the answer to a saved question says, that first which comes nearest to what is asked."""
    finding, shown, statements, more = found.lead, list[Sentence](), found.said, found.more
    statements = statements or tuple(found.listed(_("%(num)s more", num="{}")) if found.table.below else ())
    # Without a finding of its own, or with one alone, it is told by main claims, which are what documents say in full.
    if mains := [] if finding and statements else _main_lines(reader, list(found.all_notes)):
        count = len({one.claim.main_claim for one in mains}.union(meant.nearest))
        finding = finding or _say_found(count, is_answer=not (meant.apart or meant.unknown))
        shown = take_turns(mains, [one.claim for one in mains], MOST_OF_ONE)
        statements, more = (), len(mains) - len(shown)
    elif statements and not finding:
        finding, statements = statements[0].text, statements[1:]
    behind = {claim.main_claim: statement for statement in statements for claim in statement.claims}
    statements = tuple(dict.fromkeys([*(behind[iri] for iri in meant.nearest if iri in behind), *statements]))
    own, nearest = [line.claim.main_claim for line in shown], [iri for iri in meant.nearest if iri not in behind]
    # What one document says keeps its order where it is shown to its end.
    is_whole = not more and {*own}.issuperset(nearest) and len({line.document.key for line in shown}) == 1
    # Rows that are on all that is asked of need nothing beside them.
    on = {*found.asked.named, *found.asked.chosen_by}
    is_told = bool(statements and meant.things) and on.issuperset(meant.things)
    nearest = [] if is_whole or is_told else nearest
    # What answers comes before what only has the words, and needs nothing beside it where it is surely asked for.
    answering = [iri for iri in nearest if iri in own]
    nearest = answering if meant.is_sure and (own or (statements and not meant.things)) else nearest
    by_document = {main: line.document.key for main, line in zip(own, shown, strict=True)}
    first = in_turns([*answering, *own] if answering else own[:_FEW], by_document.__getitem__)
    lines = tuple(_opened(reader, [*dict.fromkeys([*first, *nearest])], shown))
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
    views = ((iri, view) for iri in silent for view in outside_facts(reader, iri) if view.predicate.iri in asked)
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
    mains = dict.fromkeys(iri if iri in read else entries[iri].main_claim for iri in iris if iri in entries)
    found = book.find_entries(mains).values()
    ranked = sorted(found, key=lambda e: (documents.index(e.put.document), SALIENCES.index(e.put.salience)))
    turns = in_turns(ranked, lambda entry: entry.put.document)
    return list(Telling(reader, [entry.iri for entry in turns]).sentences.values())
