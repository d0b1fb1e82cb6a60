"""`/search`: an answer first, then what documents say, things and what is close; what an address may have meant."""

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for

from digitech_kg.book import NAMES, Book, Hit
from digitech_kg.matching.question_words import PATTERNS
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DK, TERMS
from digitech_kg.search.meaning import read_question
from digitech_kg.search.meant import Meant
from digitech_kg.search.pages import PAGES
from digitech_kg.web.http.languages import _
from digitech_kg.web.pages.search_answer import answer, tell_beside
from digitech_kg.web.pages.search_notices import enumerate_names, quote
from digitech_kg.web.pages.search_said import FoundAnswer, said
from digitech_kg.web.reading.addresses import DESCRIBED, comparison_of
from digitech_kg.web.reading.dataset import read_documents
from digitech_kg.web.reading.labels import Labels, Name
from digitech_kg.web.reading.questions import list_questions
from digitech_kg.web.reading.reader import GraphReader
from digitech_kg.web.reading.sentences import NOTHING, Group, Telling, say_unfinished
from digitech_kg.web.site import Site

_LONGEST: Final = 200
_MOST_SUGGESTED: Final = 8
#: Hits that are read, and those shown: things, claims, and names that are only spelt alike.
_MOST_HITS: Final = 60
_MOST_THINGS: Final = 12
_MOST_CLAIMS: Final = 20
_SHOWN_CLAIMS: Final = 6
_CLAIMS: Final = frozenset((DK.Claim.value, DK.ExternalClaim.value))
#: Letters of an address that are searched for.
_LONGEST_ADDRESS: Final = 100
#: Score from which another address may mean a thing, and letters up to which a word means only what is called so:
#: `/login` and `/home` are addresses of other sites, not names that were misspelt.
_SURE: Final = 80.0
_SHORT_ADDRESS: Final = 5


@dataclass(frozen=True, slots=True)
class FoundThing:
    """A thing, what kind it is, and the name by which it was found if that is not the one shown."""

    name: Name
    kind: str
    called: str = ""
    called_language: str = ""


@dataclass(frozen=True, slots=True)
class ClosePage:
    """A page that is close to what was asked, and what kind it is."""

    text: str
    href: str
    kind: str = ""


def view_search(reader: GraphReader, text: str) -> dict[str, object]:
    """Read what a search for a text shows. Without an answer, `nothing` says what no document speaks of."""
    if not plain(text):
        return {"text": text, "said": NOTHING}
    meant = read_question(reader.book, text, _MOST_HITS)
    found = answer(reader, meant)
    named = name_things(reader, hits_of(reader.book, meant))
    things = [thing for thing, hit in named if not hit.guessed][:_MOST_THINGS]
    return {
        "text": text,
        "answer": found,
        "nothing": "" if found else quote(meant.unknown or [PATTERNS["which_documents"].sub("", text).strip()]),
        "unfinished": say_unfinished(read_documents(reader).values()),
        # What the text was taken for, as pairs of what was typed and what is meant.
        "cured": list(_cured(text, meant, things)),
        "said": _claims(reader, meant, found),
        "things": things,
        # The answer is then that on the first thing, whose page is linked below.
        "is_about_thing": found and things and things[0].name.href == found.href,
        "alike": () if found else [thing for thing, hit in named if hit.guessed][:_MOST_SUGGESTED],
        "close": [*_comparison(reader, meant, things, found.href if found else ""), *_links(reader, meant.close)],
        # One sentence of each document is enough where nothing is said of what was asked for.
        "near": [said(reader, Meant("topic", iri), 1) for iri in meant.near],
        # What is told of things that the answer leaves out, and the issue that is closest to what was asked.
        "beside": list(tell_beside(reader, meant, found)),
    }


def _cured(text: str, meant: Meant, things: Sequence[FoundThing]) -> Iterator[tuple[str, str]]:
    """Yield what was misspelt as it was typed, with what it was taken for as it is written here."""
    if meant.is_guessed and things:
        yield text, things[0].name.text
    for wrong, right in meant.cured:
        typed = next((word for word in text.split() if plain(word) == wrong), wrong)
        yield typed, next((thing.name.text for thing in things if plain(thing.name.text) == right), right)


def hits_of(book: Book, meant: Meant) -> list[Hit]:
    """Return the things that are spoken of, then those whose names fit, then those that are spelt alike."""
    found = {hit.iri: replace(hit, guessed=False) for hit in meant.hits}
    spoken = [found.get(iri, Hit(iri, "")) for iri in meant.things]
    others = [hit for hit in meant.hits if hit.kind not in _CLAIMS and hit.iri not in meant.things]
    named = [hit for hit in others if hit.matched and not hit.guessed]
    hits = [*spoken, *named, *(hit for hit in others if hit.guessed and not hit.iri.startswith(TERMS))]
    # A matter of which nothing is said is worth a line where nothing else is called so.
    told = book.mains_on(hit.iri for hit in hits)
    return [hit for hit in hits if hit.iri in told or hit.kind != DK.Matter.value] or hits


def name_things(reader: GraphReader, hits: Sequence[Hit]) -> list[tuple[FoundThing, Hit]]:
    """Return hits as things with their names and kinds; another name only if it was the one searched for."""
    labels = Labels(reader, {hit.iri for hit in hits})
    kinds = Labels(reader, {kind for hit in hits for kind in labels.name(hit.iri).kinds})
    shown = {hit.iri: plain(labels.name(hit.iri).text) for hit in hits}
    # A name that begins alike is the same one in another language: with its date, say.
    unlike = {hit.iri for hit in hits if hit.matched not in shown[hit.iri] and hit.matched[:20] != shown[hit.iri][:20]}
    called = reader.book.values(unlike, *NAMES) if unlike else {}
    others = {
        (iri, plain(term.value)): (term.value, getattr(term, "language", None) or "")
        for iri, own in called.items()
        for terms in own.values()
        for term in terms
    }

    def kind_of(name: Name, hit: Hit) -> str:
        kind = hit.kind or next(iter(name.kinds), "")
        return kinds.name(kind).text if kind else ""

    found = []
    for hit in hits:
        name = labels.name(hit.iri)
        found.append((FoundThing(name, kind_of(name, hit), *others.get((hit.iri, hit.matched), ("", ""))), hit))
    return found


def things_alike(reader: GraphReader, text: str) -> list[FoundThing]:
    """Return the things whose names come close to a text."""
    hits = [hit for hit in reader.book.search(text) if hit.iri.startswith(reader.names.prefixes["id"])]
    return [thing for thing, _hit in name_things(reader, hits[:_MOST_SUGGESTED])]


def _claims(reader: GraphReader, meant: Meant, found: FoundAnswer | None) -> Group:
    """Return the main claims that come near to the question and that the answer has not told."""
    shown = {line.claim.iri for line in found.lines} if found else set()
    told = Telling(reader, [iri for iri in meant.further if iri not in shown][:_MOST_CLAIMS])
    return Group(tuple(told.sentences.values()), shown=_SHOWN_CLAIMS)


def _comparison(reader: GraphReader, meant: Meant, things: Iterable[FoundThing], told: str) -> Iterator[ClosePage]:
    """Yield the page that compares the companies or documents that are named, if they are two and it isn't told."""
    named = (thing.name for thing in things if thing.name.iri in meant.things and DK.Company.value in thing.name.kinds)
    documents, iris = read_documents(reader), reader.book.documents
    side_by_side = [key for key in documents if iris[key] in meant.documents]
    for pair in ([(name.iri, name.text) for name in named], [(iris[key], documents[key].text) for key in side_by_side]):
        if len(pair) == 2 and (href := comparison_of([iri for iri, _text in pair], reader.names)) != told:
            yield ClosePage(enumerate_names([text for _iri, text in pair]), href, _("Compare"))


def _links(reader: GraphReader, iris: Iterable[str]) -> Iterator[ClosePage]:
    """Yield the pages of issues and saved questions among some IRIs."""
    names = reader.names
    issues = {issue.iri: issue for issue in reader.book.issues.values()}
    questions = {question.name: question for question in list_questions(reader)}
    for iri in iris:
        if issue := issues.get(iri):
            href = url_for("issues.issue", name=issue.name)
            yield ClosePage(reader.text(issue.question), href, _("Issue"))
        elif question := questions.get(iri.removeprefix(names.prefixes["query"])):
            yield ClosePage(question.label, url_for("answers.question", name=question.name), _("Question"))


def suggest_things(reader: GraphReader, text: str) -> list[ClosePage]:
    """Return what may be meant by the beginning of a text: things, issues and saved questions."""
    if not plain(text):
        return []
    meant = read_question(reader.book, text, _MOST_HITS)
    found = [thing for thing, _hit in name_things(reader, hits_of(reader.book, meant))]
    things = [ClosePage(thing.name.text, thing.name.href, thing.kind) for thing in found if thing.name.href]
    # A page that is called as the text is comes first.
    called = _links(reader, [meant.iri] if meant.kind in PAGES and meant.is_sure else [])
    return list(dict.fromkeys([*called, *things[: _MOST_SUGGESTED - 3], *_links(reader, meant.close[:3]), *things]))


def search_blueprint(site: Site) -> Blueprint:
    """Return the blueprint of `/search`."""
    blueprint = site.blueprint("search", __name__)

    @blueprint.get("/search")
    def search() -> str:
        text = request.args.get("q", "").strip()[:_LONGEST]
        return render_template("search.html", page=view_search(site.reader, text), query_text=text)

    @blueprint.get("/search/suggestions.json")
    def suggestions() -> Response:
        found = suggest_things(site.reader, request.args.get("q", "").strip()[:_LONGEST])
        shown = [{"label": link.text, "kind": link.kind, "href": link.href} for link in found]
        return jsonify(shown[:_MOST_SUGGESTED])

    return blueprint


def suggest(reader: GraphReader, path: str) -> dict[str, object]:
    """Return what may have been meant by an address: the thing or the last words in it, pages like it, and things."""
    book, names = reader.book, reader.names
    kind, *rest = path.strip("/").removeprefix("page/").removeprefix("data/").split("/")
    words = request.args.get("thing") or re.sub(r"[\W_]+", " ", [kind, *rest][-1]).strip()
    words = words[:_LONGEST_ADDRESS]
    hits = [hit for hit in book.search(words, limit=_MOST_HITS) if hit.kind not in _CLAIMS]
    if is_named := bool(rest) and kind in ("document", *DESCRIBED):
        # Such an address means no page of another kind, and no term of the model; that of a claim, what it is about.
        root = f"{names.base}{'id' if kind == 'document' else kind}/"
        near = names.expand(book.nearest(root + rest[-1])) if kind in ("issue", "topic") else None
        hits = [hit for hit in hits if hit.iri.startswith(root) and hit.iri != near]
        hits = [*([Hit(near, "")] if near else []), *hits] or hits_of(book, read_question(book, words, _MOST_HITS))
    else:
        least = _SURE if len(words) > _SHORT_ADDRESS else 100.0
        hits = [hit for hit in hits if hit.score >= least]
    things = [thing for thing, _hit in name_things(reader, hits[:_MOST_SUGGESTED])]
    return {"words": words, "pages": () if is_named else _pages_like(path), "things": things}


def _pages_like(path: str) -> tuple[str, ...]:
    """Return the pages without a parameter, such as `/about`, whose addresses look like a path."""
    rules = (rule for rule in current_app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ()))
    others = {rule.rule for rule in rules} - {path}
    close = difflib.get_close_matches(path.lower().rstrip("/"), others, n=2, cutoff=0.75)
    return tuple(request.script_root + page for page in close)
