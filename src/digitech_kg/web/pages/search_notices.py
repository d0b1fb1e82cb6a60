"""What an answer to a search says that it lacks, and which of its lines give a number or a date that is asked for."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from typing import Final

from digitech_kg.book import ClaimFilter
from digitech_kg.iteration import grouped
from digitech_kg.matching.question_words import PATTERNS, can_be_counted, gives_date, gives_number
from digitech_kg.namespaces import DK
from digitech_kg.search.meant import Meant
from digitech_kg.web.http.languages import _, current_words, ngettext
from digitech_kg.web.pages.answers import Statement, companies_among
from digitech_kg.web.reading.claim_views import ClaimView
from digitech_kg.web.reading.dataset import read_documents
from digitech_kg.web.reading.labels import Labels
from digitech_kg.web.reading.reader import GraphReader, by_language
from digitech_kg.web.reading.sentences import Sentence, Telling

#: Lines of which one has the number or date that is asked for, if any document has it.
_FIRST: Final = 3
#: Lines of which one may have it without fitting closely.
_CLOSE: Final = 2
#: Lines below which a part is told.
_WITH_PART: Final = 4


def tell_missing(reader: GraphReader, meant: Meant) -> str:
    """Return which words no sentence has, or none with what is named, or which names; "" if there are none.

    Whose answer no document has comes before all that.
    """
    if meant.unheard:
        name = Labels(reader, [meant.unheard]).name(meant.unheard).text
        return _("No document here says what %(name)s answered.", name=name)
    if meant.unlisted:
        return _("No entry here names %(names)s.", names=quote(meant.unlisted))
    if meant.unknown:
        return ngettext(
            "No sentence here has the word %(words)s.",
            "No sentence here has the words %(words)s.",
            len(meant.unknown),
            words=quote(meant.unknown),
        )
    # What is named in the rows of a saved question need stand in no sentence together.
    if not meant.apart or (meant.kind == "question" and not meant.lacking):
        return ""
    labels = Labels(reader, meant.apart)
    names = enumerate_names([labels.name(iri).text for iri in meant.apart])
    if meant.lacking:
        return ngettext(
            "No sentence here on %(names)s has the word %(words)s.",
            "No sentence here on %(names)s has the words %(words)s.",
            len(meant.lacking),
            names=names,
            words=quote(meant.lacking),
        )
    return _("No sentence here mentions %(names)s together.", names=names) if len(meant.apart) > 1 else ""


def tell_silent(reader: GraphReader, meant: Meant, documents: Iterable[str]) -> str:
    """Return what documents, or others that speak of a company, say nothing of though it is asked for; "" if nothing.

    What none of these is known to leave unsaid is told of the first that does. Where one document alone has claims on
    somebody, the only one that is known to leave them unsaid is told too.
    """
    known, companies = read_documents(reader), companies_among(reader.book, meant.things if meant.unsaid else ())
    speaking = _speaking_of(reader, companies) if companies else set()
    asked = {name: meant.unsaid for name in known if name in speaking}
    asked |= dict.fromkeys(filter(known.get, documents), (*meant.things, *meant.unsaid))
    silent = {name: tuple(iri for iri in own if iri in known[name].silent_on) for name, own in asked.items()}
    for iri in (iri for iri in (*meant.unsaid, *meant.things) if not any(iri in own for own in silent.values())):
        leaving = [name for name in known if iri in known[name].silent_on]
        is_only = len(leaving) == 1 and not meant.document
        if leaving and (iri in meant.unsaid or (is_only and _is_of_one(reader, iri))):
            silent[leaving[0]] = (*silent.get(leaving[0], ()), iri)
    told = grouped(((own, known[name].extent == "whole"), name) for name, own in silent.items() if own)
    return " ".join(
        _say_silent("; ".join(known[name].text for name in names), enumerate_in_text(reader, own), is_whole=is_whole)
        for (own, is_whole), names in told.items()
    )


def _say_silent(documents: str, names: str, *, is_whole: bool) -> str:
    """Return that documents say nothing of what is named; of those that were not read whole, as far as they were."""
    if is_whole:
        return _("%(documents)s: nothing is said of %(names)s.", documents=documents, names=names)
    return _("%(documents)s: nothing is said of %(names)s in what was read.", documents=documents, names=names)


def _is_of_one(reader: GraphReader, thing: str) -> bool:
    """Whether a thing is an agent of whom one document at most speaks; a matter is often called otherwise."""
    kinds = {kind for told in reader.book.describe([thing]).values() for kind in told.kinds}
    return bool(kinds & reader.book.classes_below(DK.Agent)) and len(_speaking_of(reader, [thing])) <= 1


def _speaking_of(reader: GraphReader, things: Iterable[str]) -> set[str]:
    """Return the names of the documents with claims on things."""
    about = set[str]().union(*(reader.book.find_claims(ClaimFilter(about=iri)) for iri in things))
    return {entry.put.document for entry in reader.book.find_entries(about).values()}


def tell_lacking(
    reader: GraphReader,
    meant: Meant,
    lines: Sequence[Sentence | Statement],
    is_given: Callable[[Sentence | Statement], bool],
) -> str:
    """Return what lines lack: a year that is typed, who is on a list that is asked for, a date or a number; or ""."""
    told = "".join(
        line.text + line.sources if isinstance(line, Statement) else line.claim.sentence + (line.document.date or "")
        for line in lines
    )
    if lines and (years := [year for year in meant.years if year not in told]):
        return _("None of these sentences is of %(years)s.", years=enumerate_names(years))
    claims = [line.claim for line in lines if isinstance(line, Sentence)]
    if any(_leaves_open(view, meant.listed) for view in claims[:_CLOSE]):
        return _("It is not said which they are.")
    shown = {claim.main_claim for claim in claims}
    lines, is_in_part = lines[:_FIRST], any(not own and main in shown for main, own in meant.giving.items())
    if not meant.wanted or not lines or any(map(is_given, lines)) or is_in_part:
        return ""
    # Who asks when something is done that a document tells of doesn't ask for the date of the document.
    whole = "" if meant.apart else meant.document
    of = [name for name, iri in reader.book.documents.items() if name == whole or iri in meant.things]
    if meant.wanted == "date" and of:
        document = read_documents(reader)[of[0]]
        if DK.publicationYear.value in document.silent_on:
            return _(
                "Date of the document: %(date)s. Its publisher says so; the text gives no date.", date=document.date
            )
        return _("Date of the document: %(date)s.", date=document.date) if document.date else ""
    # What gives a date may fit closely and stand in no line, as it lacks a name.
    is_elsewhere = meant.wanted == "date" and bool(meant.giving.keys() - shown)
    if is_elsewhere or any(_has_figure(meant.wanted, line, reader.language) for line in lines[:_CLOSE]):
        return ""
    if meant.wanted == "count" and can_be_counted(text_of(lines[0])):
        return ""
    if meant.wanted == "date":
        return _("No date for this was found in what was read; those of the documents stand below their sentences.")
    return _("No number for this was found in what was read.")


def _leaves_open(view: ClaimView, groups: Set[str]) -> bool:
    """Whether a claim leaves open who is in a group that is of one of some classes."""
    ends = ((DK.subjectLeavesOpen, view.subject), (DK.objectLeavesOpen, view.object))
    return any(DK.isMemberOf in view.claim.all(prop) and not groups.isdisjoint(name.kinds) for prop, name in ends)


def gives(meant: Meant, line: Sentence | Statement, language: str) -> bool:
    """Whether a line gives the date or the number that is asked for, and fits the question otherwise."""
    if isinstance(line, Sentence) and line.claim.main_claim not in meant.giving:
        return False
    return _has_figure(meant.wanted, line, language)


def text_of(line: Sentence | Statement) -> str:
    """Return what a line of an answer says."""
    return line.text if isinstance(line, Statement) else line.claim.sentence


def _has_figure(wanted: str, line: Sentence | Statement, language: str) -> bool:
    text = text_of(line)
    if wanted == "amount" and not PATTERNS["amounts"].search(text):
        # "Four briefs" are no amount.
        return False
    is_dated = wanted in ("date", "time") and gives_date(text)
    return is_dated or (wanted in ("count", "amount", "time") and gives_number(text, language))


def tell_parts(reader: GraphReader, meant: Meant, lines: Sequence[Sentence]) -> Iterator[Sentence]:
    """Yield the lines of an answer; in place of a claim the part of it that gives the date or number asked for.

    A part that alone has more of the question stands below its main claim.
    """
    parts = {main: own for main, own in meant.giving.items() if own not in (main, "")}
    wanted = [parts[main] for line in lines if (main := line.claim.main_claim) in parts]
    first = {line.claim.main_claim for line in lines[:_WITH_PART]} - parts.keys()
    below = {main: own for main, own in meant.parts.items() if main in first}
    told = Telling(reader, [*wanted, *below.values()]).sentences if wanted or below else {}
    shown = {line.claim.iri for line in lines}
    for line in lines:
        part = told.get(parts.get(line.claim.main_claim, ""))
        # A main claim that gives more numbers than its part tells of more than that.
        is_more = part and meant.wanted in ("count", "amount") and _digits(line) > _digits(part)
        yield part if part and not is_more else line
        if (own := below.pop(line.claim.main_claim, "")) and own not in shown:
            yield told[own]


def _digits(line: Sentence) -> set[str]:
    return set(re.findall(r"\d+", line.claim.sentence))


def quote(words: Iterable[str]) -> str:
    """Return words in quotation marks, as a list of the page's language."""
    return enumerate_names([_("“%(title)s”", title=word) for word in words])


def enumerate_in_text(reader: GraphReader, things: Collection[str]) -> str:
    """Return the names of things as a sentence has them, as a list of the page's language."""
    called, labels = reader.book.values(things, DK.labelInText), Labels(reader, things)
    in_text = {iri: reader.text(by_language(own[DK.labelInText])) for iri, own in called.items()}
    return enumerate_names([in_text.get(iri) or labels.name(iri).text for iri in things])


def enumerate_names(names: Sequence[str]) -> str:
    return current_words().enumerate(list(names))
