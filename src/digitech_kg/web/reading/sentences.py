"""Main claims as sentences on pages, with marks, speakers and details; also positions on issues."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from digitech_kg.book import PositionEntry
from digitech_kg.claims.labels import in_words
from digitech_kg.claims.model import KINDS
from digitech_kg.namespaces import DK
from digitech_kg.web.http.languages import _, current_words, ngettext, number_words, with_capital, words_of
from digitech_kg.web.reading.claim_views import ClaimView, load_claims
from digitech_kg.web.reading.dataset import NO_DOCUMENT, Document, read_documents
from digitech_kg.web.reading.labels import Name
from digitech_kg.web.reading.reader import GraphReader

#: The bars of what is said plainly, and of each level of certainty; a level that nobody knows has the fewest.
PLAIN: Final = "f3"
_BARS: Final = {"certain": PLAIN, "probable": "f2", "possible": "f1"}
#: The drawings that mark kinds of claims.
_MARKS: Final = {
    "prediction": "prediction",
    "recommendation": "advice",
    "norm": "rule",
    "order": "rule",
    "promise": "prediction",
}
_BOTH: Final = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """A drawing of the sheet of marks, by its name, with its words; "" has words alone."""

    symbol: str
    text: str


@dataclass(frozen=True, slots=True)
class PositionWords:
    """Where a document stands, on all pages: the class of its mark, in how few words it is said in a cell, in a row."""

    mark: str
    short: str
    words: str
    #: What it does there: it answers, only points to an answer, or gives none.
    side: str = "open"
    #: With which reserve it takes a side, in a few words.
    reserve: str = ""


def kinds() -> dict[str, tuple[str, str, str, str]]:
    """Return what a claim of each kind is called, a list of such claims, a denial and its mark, by its key."""
    kind, many, denied = words_of("kind"), words_of("kinds"), words_of("denied")
    # One without words goes by its name.
    named = {key: in_words(key).capitalize() for key in (*kind, *KINDS)}
    return {
        key: (kind.get(key, name), many.get(key, name), denied.get(key, ""), _MARKS.get(key, ""))
        for key, name in named.items()
    }


def certainty_mark(claim: ClaimView) -> Mark:
    """Return how certain it is, as bars with a word; of what others report, nobody here read how it was put.

    What a document only passes on as said has no bars: nobody in it stands for that.
    """
    level = claim.firm.certainty
    if level == "certain" and claim.is_hearsay:
        return Mark("told", _("As hearsay"))
    is_reported = level == "certain" and claim.is_reported
    return Mark(_BARS.get(level, "f1"), _("Plainly, as others report it") if is_reported else certainty_words(level))


def certainty_words(level: str) -> str:
    """Return how something is said that is so certain."""
    return words_of("certainty").get(level) or in_words(level).capitalize()


def reserve_marks(claim: ClaimView, speaks_for: Collection[str] = (), *, with_limits: bool = True) -> tuple[Mark, ...]:
    """Return the kind of a claim and its reserves besides certainty, and its limits unless its sentence is to do.

    A view of those for whom its document speaks (`speaks_for`, by IRI) is no reserve: it is the document's matter.
    """
    marks = []
    if claim.firm.kind != "statement":
        called, *_others, symbol = kinds()[claim.firm.kind]
        marks.append(Mark(symbol, called))
    if any(holder.iri not in speaks_for for holder in claim.values("heldBy")):
        marks.append(Mark("told", whose_view(claim, speaks_for)))
    if condition := on_condition(len(claim.claim.all(DK.condition))):
        marks.append(Mark("cond", with_capital(condition)))
    if claim.is_reading:
        marks.append(Mark("read", _("Our reading")))
    # How much and how often its sentence tells in passing.
    return (*marks, *(Mark("", f"{_('said of')} {limit}") for limit in (claim.limits if with_limits else ())))


def mark_in_full(claim: ClaimView, speaks_for: Collection[str] = ()) -> tuple[Mark, ...]:
    """Return how certain it is and all its reserves; what is only read out of a text is not said plainly there."""
    is_read = claim.firm.certainty == "certain" and claim.is_reading
    level = () if is_read or _is_level_of_others(claim) else (certainty_mark(claim),)
    return (*level, *reserve_marks(claim, speaks_for))


def _is_level_of_others(claim: ClaimView) -> bool:
    """Whether it is others who are less than certain, and the author disputes what they hold."""
    return claim.stance == "disputed" and claim.firm.certainty != "certain"


def how_put(claim: ClaimView, speaks_for: Collection[str] = ()) -> str:
    """Return in one line how firmly, by whom and with which limits it is said."""
    marks = reserve_marks(claim) if claim.external else mark_in_full(claim, speaks_for)
    outside = [_("From another source")] if claim.external else []
    return " · ".join((*outside, *(mark.text for mark in marks)))


def whose_view(claim: ClaimView, speaks_for: Collection[str] = ()) -> str:
    """Return whose view it is, and what the author thinks of it unless its document speaks for all who hold it."""
    if claim.external:
        return _("From another source")
    holders = claim.values("heldBy")
    if not holders:
        return _("Not said whose") if claim.is_hearsay else _("The author’s own")
    names = ", ".join(current_words().noun(holder.text) for holder in holders)
    if claim.stance == "disputed":
        # To dispute a view is to hold another one.
        return _("Disagrees with %(who)s", who=names)
    told = _("According to %(who)s", who=names)
    is_passed_on = all(holder.iri in speaks_for for holder in holders)
    return ", ".join(filter(None, (told, "" if is_passed_on else stance_words(claim.stance))))


def count_mains(count: int) -> str:
    return ngettext("one main claim", "%(num)d main claims", count)


def say_who_speaks(counts: Mapping[str, int], documents: Mapping[str, Document], what: str = "") -> str:
    """Return how many of all documents have main claims on something, and how many; `what` is "it" or another word.

    `counts` is how many each document has on it. Others may speak of it in a claim on something else.
    """
    unfinished = [one for key, one in documents.items() if key not in counts and one.is_unfinished]
    total = len({*documents, *counts}) - len(unfinished)
    key = next(iter(counts), "")
    which, what = documents[key].text if key in documents else key, what or _("it")
    told = {
        "claims": count_mains(sum(counts.values())),
        "all": number_words(total),
        "count": number_words(sum(counts.values())),
        "some": number_words(len(counts)),
        "which": which,
        "document": which,
        "what": what,
        "name": what,
    }
    said = with_capital(_sentence_of_speakers(len(counts), total, is_finished=not unfinished) % told)
    return " ".join(filter(None, (said, say_unfinished(unfinished))))


def _sentence_of_speakers(count: int, total: int, *, is_finished: bool) -> str:
    """Return the sentence, its names and numbers still to be put in, for so many of all documents that speak."""
    if not count:
        return _("No document here says anything on %(what)s.") if is_finished else _("No claim here is on %(what)s.")
    if count == total == 1:
        return _("%(document)s speaks of %(name)s in %(claims)s.")
    if count == 1:
        return _("Only one of the %(all)s documents has main claims on %(what)s: %(which)s, with %(count)s.")
    if count == total == _BOTH:
        return _("Both documents speak of %(what)s, in %(claims)s.")
    if count == total:
        return _("All %(all)s documents speak of %(what)s, in %(claims)s.")
    return _("%(some)s of the %(all)s documents have %(claims)s on %(what)s.")


def say_unfinished(documents: Iterable[Document]) -> str:
    """Return of which documents claims are still to be written; "" if of none."""
    which = current_words().enumerate([document.text for document in documents if document.is_unfinished])
    return _("Claims are still to be written for %(which)s.", which=which) if which else ""


def pronoun_of(name: Name | None) -> str:
    """Return what stands for a thing that is named already."""
    return _("this person") if name and DK.Person.value in name.kinds else _("it")


def on_condition(count: int) -> str:
    """Return on how many conditions something is said; "" without one."""
    said = _("on %(count)s conditions", count=number_words(count)) if count > 1 else _("on a condition")
    return said if count else ""


def was_quoted(claim: ClaimView, document: Document) -> bool:
    """Whether its words were read only as others quote them, of a document that wasn't read whole."""
    return document.is_second_hand or (document.extent != "whole" and claim.is_reported)


def name_source(source: str, is_second_hand: bool) -> str:
    """Return a source in a line of text, with the tag of what was read only as others quote it."""
    return f"{source}, {_('At second hand').lower()}" if is_second_hand else source


def answer_words(position: PositionEntry, kind: str) -> PositionWords:
    """Return where a document stands on an issue of a kind."""
    is_asked_for_advice, side = kind == "normative", position.answer
    answers = {
        "affirms": ("yes", _("Says so"), _("Says yes") if is_asked_for_advice else _("Says that it is so")),
        "denies": ("no", _("Says not"), _("Says no") if is_asked_for_advice else _("Says that it is not so")),
    }
    if side in answers:
        mark, short, words = answers[side]
        if position.reserve == "pointing":
            points = _("Points to yes") if mark == "yes" else _("Points to no")
            return PositionWords(mark, points, points, f"towards {side}")
        if not position.reserve:
            return PositionWords(mark, short, words, side)
        told = words if is_asked_for_advice else short
        if is_conditional := position.reserve == "condition":
            mark, short = "if", _("If")
        reserve = on_condition(position.conditions) if is_conditional else words_of("reserve").get(position.reserve)
        reserve = reserve or _("with a reserve")
        return PositionWords(mark, short, f"{told}, {reserve}", side, reserve)
    others = {
        "mixed": PositionWords("if", _("In part"), _("Partly so, partly not"), "mixed"),
        "leavesOpen": PositionWords("open", _("Open"), _("Takes no side, leaves it open")),
        "reportsOnly": PositionWords("open", _("Reports"), _("Takes no side, only reports it")),
        "silent": PositionWords("none", _("Silent"), _("Silent"), "silent"),
    }
    return others.get(side) or PositionWords("open", _("No side"), _("Takes no side"))


def stance_words(stance: str) -> str:
    """Return what an author thinks of a view that is told; "" if that is not said."""
    return words_of("stance").get(stance) or in_words(stance)


@dataclass(frozen=True, slots=True)
class Detail:
    name: Name
    is_reading: bool = False


@dataclass(frozen=True)
class Sentence:
    """A claim where it is told. Without marks it is said plainly."""

    claim: ClaimView
    document: Document = NO_DOCUMENT
    marks: tuple[Mark, ...] = ()
    details: tuple[Detail, ...] = ()
    #: Where its document stands on the issue that is told.
    position: PositionWords | None = None
    #: Why that is put no more firmly, or what it leaves open.
    remark: str = ""
    #: Further passages that state it, where one of them is at hand.
    others: tuple[Name, ...] = ()

    @property
    def is_second_hand(self) -> bool:
        return was_quoted(self.claim, self.document)

    @property
    def passages(self) -> tuple[str, ...]:
        """The IRIs of its passages: claims with the same ones stand in one sentence."""
        return tuple(passage.iri for passage in self.claim.passages)

    @property
    def with_document(self) -> str:
        """The sentence, with its document in brackets."""
        return f"{self.claim.sentence} ({name_source(self.document.text, self.is_second_hand)})"

    def stands_with(self, other: "Sentence | None") -> bool:
        """Whether it is told with another one before or after it, as both stand in the same passages."""
        return bool(other and self.passages and (self.passages, self.position) == (other.passages, other.position))


@dataclass(frozen=True)
class Group:
    """Sentences below one heading, such as those of a document; all but the first `shown` ones fold out."""

    sentences: tuple[Sentence, ...] = ()
    document: Document = NO_DOCUMENT
    shown: int = 12
    #: Where the document stands on the issue that is told.
    position: PositionWords | None = None
    #: Whether more that belongs to it stands above.
    stands_above: bool = False

    @property
    def open(self) -> tuple[Sentence, ...]:
        return self.sentences[: self.shown]

    @property
    def folded(self) -> tuple[Sentence, ...]:
        return self.sentences[self.shown :]


#: Where nothing is said.
NOTHING: Final = Group()


def tell(
    claim: ClaimView,
    documents: Mapping[str, Document],
    details: Iterable[Detail] = (),
    *,
    position: PositionWords | None = None,
    in_full: bool = False,
) -> Sentence:
    """Return a claim with marks of what is not plain in it; `in_full` marks also certainty and limits."""
    document = documents.get(claim.document_key or "", NO_DOCUMENT)
    if in_full:
        marks = mark_in_full(claim, document.speaks_for)
    else:
        # A tag says what was read only as others quote it.
        is_told = claim.is_hearsay or (claim.is_reported and not was_quoted(claim, document))
        level = (
            [certainty_mark(claim)]
            if is_told or (claim.firm.certainty != "certain" and not _is_level_of_others(claim))
            else []
        )
        marks = (*level, *reserve_marks(claim, document.speaks_for, with_limits=False))
    return Sentence(claim, document, marks, tuple(details), position)


class Telling:
    """Main claims, read at once with their details; `labels` also has the names of other things that are `named`."""

    def __init__(self, reader: GraphReader, mains: Sequence[str], named: Iterable[str] = ()) -> None:
        book, self.documents = reader.book, read_documents(reader)
        #: The IRIs of the claims that elaborate each.
        self.parts = book.parts_of(mains) if mains else {}
        parts = [part for own in self.parts.values() for part in own]
        views, self.labels = load_claims(reader, mains, (*named, *parts))
        bases = book.values(parts, DK.basis) if parts else {}
        self._readings = {iri for iri, own in bases.items() if DK.encoderReading in own[DK.basis]}
        #: The sentences by the IRI of the claim, in the order that was asked for.
        self.sentences = {iri: tell(views[iri], self.documents, self._details(iri)) for iri in mains if iri in views}

    def in_place(self, main: str, others: Iterable[str] = ()) -> tuple[Sentence, ...]:
        """Return a main claim as it is read at a passage, with the IRIs of its further ones; none if it is incomplete.

        Who reads a document through sees denials marked, too; a rule or promise that something shall not be is none.
        """
        one = self.sentences.get(main)
        if one is None:
            return ()
        claim = one.claim
        denied = (Mark("no", _("Says that it is not")),) if claim.negated and claim.firm.kind == "statement" else ()
        return (replace(one, marks=(*denied, *one.marks), others=tuple(map(self.labels.name, others))),)

    def _details(self, main: str) -> tuple[Detail, ...]:
        return tuple(Detail(self.labels.name(part), part in self._readings) for part in self.parts.get(main, ()))


def join_alike(claims: Iterable[ClaimView]) -> tuple[ClaimView, ...]:
    """Return claims without those that read the same as one before them in the same document."""
    found: dict[tuple[str | None, str], ClaimView] = {}
    for claim in claims:
        found.setdefault((claim.document_key, claim.sentence), claim)
    return tuple(found.values())
