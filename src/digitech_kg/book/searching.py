"""Look up claims and things in a book by words and names. The name matcher decides which thing a name means."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from digitech_kg.book.passages import PassageReader
from digitech_kg.book.schema import statement
from digitech_kg.errors import NotFound
from digitech_kg.iteration import grouped
from digitech_kg.matching.asking import Answerable, AnswerableKind, AskedIndex, candidates
from digitech_kg.matching.meanings import stem
from digitech_kg.matching.ranking import Entity, NameIndex
from digitech_kg.matching.spelling import pieces, plain, whole
from digitech_kg.namespaces import DCTERMS, DK, RDFS, SKOS, local_name

#: Score of the matcher from which a thing is shown as close, and the higher one where the words are found elsewhere.
_CLOSE: Final = 65.0
_CLOSER: Final = 80.0
#: Things farther than this from the best one are left out.
_LAG: Final = 15.0
#: How much a term or a question has to fit better than a thing, for which people look first.
_THING_LEAD: Final = 5.0
#: Things that share the most pieces with a name.
_CANDIDATES: Final = 100
_NOWHERE: Final = 10_000
#: Words of so few letters are looked up whole ("ai" does not mean "aid"), and as beginnings only if nothing is found.
_SHORT: Final = 2
#: Letters of a word that is found as it is or not at all: "5g", "gps".
_ABBREVIATION: Final = 3
#: Things among which those are found that parts of a text name.
_MOST_NAMED: Final = 300
#: Hits among which a thing is found that is named, and those that a message names.
_LOOKED_AT: Final = 20
_SUGGESTED: Final = 3
#: How well a claim fits that stands in the document, or is by the author, that is sought.
WROTE: Final = 0.5
#: How well a word fits that stands in what a claim is asked by, beside 1 for one in its sentence.
ASKED: Final = 0.9
#: How well one fits that stands in a question which several claims answer together, and so is not counted as had.
SHARED: Final = 0.45
#: The texts that are most like a question, and how many of them count for a main claim.
_MOST_LIKE: Final = 400
_BEST_OF_EACH: Final = 3
#: The kinds of things that can answer: the class of each, and the properties that name it.
_ANSWERABLE: Final[Mapping[AnswerableKind, tuple[NamedNode | None, tuple[NamedNode, ...]]]] = {
    "issue": (DK.Issue, (RDFS.label, DK.question, SKOS.altLabel)),
    "question": (DK.SavedQuestion, (RDFS.label, SKOS.altLabel)),
    "topic": (SKOS.Concept, (SKOS.prefLabel, SKOS.altLabel)),
    # Words that are no names of a topic, but near to it.
    "near": (SKOS.Concept, (SKOS.hiddenLabel,)),
    # Documents have classes of many kinds, so they are known by having passages.
    "document": (None, (RDFS.label, DCTERMS.title, DK.shortName, SKOS.altLabel, SKOS.hiddenLabel)),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found: its IRI, the IRI of its kind, and whether only a likeness of names led to it."""

    iri: str
    kind: str
    guessed: bool = False
    #: How much of its name the text is, or how like it: 0 to 100.
    score: float = 0.0
    #: The name that the text means, in its plain form; "" if its words stand elsewhere.
    matched: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """What claims may have: words, as expressions of full text with how well they fit; things; or their document."""

    expressions: tuple[tuple[float, str], ...] = ()
    things: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class _Row(NamedTuple):
    """An entry with its names, one a line, in their plain form."""

    iri: str
    kind: str
    is_thing: bool
    names: str


class SearchReader(PassageReader):
    """Finds things, claims, terms and questions by words and names."""

    def search(self, text: str, *, limit: int = 200) -> tuple[Hit, ...]:
        """Return what fits the text, best first.

        What fits has this name but for its legal form, or words that begin like all those of the text. Unless the text
        begins one of its names, those with names like the text are added, and what is most like it comes first.
        """
        sought = plain(text)
        if not sought:
            return ()
        same = self._read("called_so", _any_of([whole(text)]), limit)
        found = list(dict.fromkeys([*same, *self._having_words(sought.split(), limit)]))
        found.sort(key=lambda row: _nearness(sought, row.names))
        if not found or _nearness(sought, found[0].names) == _NOWHERE:
            return _by_likeness(text, found, self._having_pieces(pieces(text), _CANDIDATES))[:limit]
        return tuple(
            Hit(row.iri, row.kind, score=_covered(sought, row.names), matched=_meant(sought, row.names))
            for row in found[:limit]
        )

    def claims_meeting(self, sought: Sequence[Sought]) -> list[tuple[int, float, str, str, str, int | None]]:
        """Return which claims of documents have what is sought: its place, how well, the claim and its main one.

        Last come the document and where in its text the main one stands.
        """
        parts, values = list[str](), list[Any]()
        for place, one in enumerate(sought):
            for share, expression in one.expressions:
                own, shared = f"texts : ({expression})", f"shared : ({expression})"
                parts += ("in_sentence", "in_asked", "in_asked")
                values += [place, share, own, place, share * ASKED, own, place, share * SHARED, shared]
            if one.things:
                parts.append("saying")
                values += [place, json.dumps(one.things)]
            if one.documents:
                parts.append("standing_in")
                values += [place, WROTE, json.dumps(one.documents)]
        if not parts:
            return []
        met = " UNION ALL ".join(map(statement, parts))
        return self.rows(statement("claims_meeting", parts=met), *values)

    def claims_asked_like(self, patterns: Iterable[str]) -> dict[str, float]:
        """Return how well main claims do by the texts that are most like some patterns, beside the best, which has 1.

        The likeness of a text is that of its words, the rare ones above all (BM25, section 5.1.1 of the documentation
        of FTS5).
        """
        # Each pattern costs time, so words that stand nowhere are left out.
        single = (one for pattern in patterns for one in pattern.split(" OR "))
        having = [one for one in single if " " in one or one.strip('"') in self.vocabulary]
        scores = dict(self.rows("claims_asked_like", " OR ".join(having), _MOST_LIKE, _BEST_OF_EACH)) if having else {}
        best = max(scores.values(), default=1.0)
        return {iri: score / best for iri, score in scores.items()}

    def find_thing(self, text: str) -> str:
        """Return the IRI of a thing by its IRI, a short form of it, or a name. Raises `NotFound` with close ones."""
        name, root = text.strip(), self.names.prefixes["id"]
        for iri in (self.names.expand(name), self.names.base + name.strip("/"), root + name):
            if iri is not None and iri.startswith(root) and self.is_known(iri):
                return iri
        hits = [hit for hit in self.search(name.removeprefix("id:"), limit=_LOOKED_AT) if hit.iri.startswith(root)]
        if hits and not hits[0].guessed:
            return hits[0].iri
        close = ", ".join(list(dict.fromkeys(self.names.shorten(hit.iri) for hit in hits))[:_SUGGESTED])
        hint = f"Did you mean: {close}?" if close else "Search for what you meant."
        raise NotFound(f"there is no thing '{name[:60]}'", hint=hint)

    def candidates(self, text: str, limit: int) -> list[str]:
        """Return the IRIs of the things whose names have the most, and the rarest, pieces of a name."""
        found = self._having_pieces(pieces(text), limit + _CANDIDATES)
        return [row.iri for row in found if row.is_thing][:limit]

    def named_in(self, parts: Iterable[str]) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return the things that parts of a text in plain form name, by part: their names, by IRI."""
        wanted = grouped((whole(part), part) for part in parts)
        found: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        rows = self._read("called_so", _any_of(wanted), _MOST_NAMED) if wanted else ()
        for row in (row for row in rows if row.is_thing):
            names = tuple(filter(None, row.names.split("\n")))
            for part in {part for name in names for part in wanted.get(whole(name), ())}:
                found[part][row.iri] = names
        return {
            part: dict(sorted(things.items(), key=lambda item: _place_of(part, item[1])))
            for part, things in found.items()
        }

    @cached_property
    def named_by(self) -> Callable[[Answerable], frozenset[str]]:
        """What returns the things that one of those names which can be answered; each is read once."""

        @cache
        def named(one: Answerable) -> frozenset[str]:
            found = self.named_in(part for name in one.names for part in candidates(name))
            return frozenset(iri for things in found.values() for iri in things)

        return named

    @cached_property
    def unsaid(self) -> frozenset[str]:
        """The things of which documents are known to say nothing, and of which no document says anything."""
        return frozenset(self.column("unsaid"))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The words that stand in names and sentences, in their plain form."""
        found = set[str]()
        for table in ("word", "asked"):
            self.rows(statement("list_words", table=table))
            found.update(self.column(statement("listed_words", table=table)))
        return frozenset(found)

    @cached_property
    def words_of_names(self) -> frozenset[str]:
        """The words of the names of persons, companies, states and other agents, and of products, in plain form."""
        kinds, named = self.classes_below(DK.Agent) | self.classes_below(DK.Product), self.rows("names_by_kind")
        return frozenset(word for kind, names in named if kind in kinds for word in names.split())

    @cached_property
    def asked(self) -> AskedIndex:
        """The words of issues, of topics, and of saved questions that readers ask."""
        entries, topics = list[Answerable](), self.names.prefixes["topic"]
        for kind, (cls, properties) in _ANSWERABLE.items():
            iris = [iri for iri, _ in self.instances(cls)] if cls else self.documents.values()
            for iri, own in sorted(self.values(iris, DCTERMS.subject, *properties).items()):
                names = tuple(v.value for prop in properties for v in own.get(prop, ()) if isinstance(v, Literal))
                is_for_readers = kind != "question" or not own.keys().isdisjoint((DCTERMS.subject, SKOS.altLabel))
                if names and is_for_readers and (cls != SKOS.Concept or iri.startswith(topics)):
                    entries.append(Answerable(iri, kind, names))
        return AskedIndex(entries)

    def named_things(self) -> list[tuple[str, str]]:
        """Return IRI and label of every thing of the project's own, in all languages, sorted."""
        root = self.names.prefixes["id"]
        return self.rows("named_things", root=root, end=f"{root}\U0010ffff")

    def _having_words(self, words: list[str], limit: int) -> list[_Row]:
        whole_ones = [f'"{word}"' if len(word) <= _SHORT and word.isascii() else f'"{word}" *' for word in words]
        for asked in (whole_ones, [f'"{word}" *' for word in words], [f'"{stem(word)}" *' for word in words]):
            if found := self._read("having_words", " AND ".join(asked), limit):
                return found
        return []

    def _having_pieces(self, sought: Iterable[str], limit: int) -> list[_Row]:
        """Return the entries that have the most, and the rarest, of some pieces."""
        return self._read("having_pieces", _any_of(sought), limit)

    def _read(self, name: str, expression: str, limit: int) -> list[_Row]:
        """Read the entries that a statement finds, in its order."""
        found = self.rows(statement("found_entries", found=statement(name)), expression, limit)
        return [_Row(iri, kind, bool(is_thing), names) for iri, kind, is_thing, names in found]


def _any_of(sought: Iterable[str]) -> str:
    return " OR ".join(f'"{piece}"' for piece in sorted(sought))


def _entity(row: _Row) -> Entity:
    first, *others = (*row.names.split("\n"), local_name(row.iri)) if row.names else (local_name(row.iri),)
    return Entity(row.iri, first, tuple(others))


def _place_of(part: str, names: Sequence[str]) -> tuple[bool, int]:
    """Return what sorts things by one of their names: whose label it is comes before whose other name it is."""
    same = whole(part)
    return part not in names, next(place for place, name in enumerate(names) if part == name or whole(name) == same)


def _is_abbreviation(text: str) -> bool:
    """Whether a text is one word of so few letters that another letter makes it another word."""
    return len(plain(text)) <= _ABBREVIATION and plain(text).isascii()


def _nearness(sought: str, names: str) -> int:
    """Shortest name that begins with the text first: the text itself before what only contains it."""
    return min((len(name) for name in names.split("\n") if _begins(name, sought)), default=_NOWHERE)


def _begins(name: str, sought: str) -> bool:
    """Whether a name begins with a text; with the whole word if that is an abbreviation: "US" does not begin "use"."""
    return name == sought or name.startswith(f"{sought} " if _is_abbreviation(sought) else sought)


def _covered(sought: str, names: str) -> float:
    return 100.0 * len(sought) / _nearness(sought, names)


def _meant(sought: str, names: str) -> str:
    """Return the name that begins with the text, or else one that has all its words or beginnings of them."""
    known, words = names.split("\n"), sought.split()
    beginning = min((name for name in known if _begins(name, sought)), key=len, default="")
    having = (n for n in known if all(any(own.startswith(word) for own in n.split()) for word in words))
    return beginning or next(having, "")


def _by_likeness(text: str, found: list[_Row], alike: list[_Row]) -> tuple[Hit, ...]:
    """Return what the matcher ranks, then what only has the words; of what only is alike, no more than is close."""
    rows, fitting = {row.iri: row for row in (*found, *alike)}, dict.fromkeys(row.iri for row in found)
    ranked = NameIndex(map(_entity, rows.values())).rank(text, limit=len(rows))
    scores = {c.entity.id: c.score - _THING_LEAD * (not rows[c.entity.id].is_thing) for c in ranked}
    least = max(_CLOSER if found else _CLOSE, max(scores.values(), default=0.0) - _LAG)
    if found and _is_abbreviation(text):
        # "AI" is no slip of "aid": what has the word is meant, not what is spelt like it.
        rows = {iri: row for iri, row in rows.items() if iri in fitting}
        scores = {iri: score for iri, score in scores.items() if iri in fitting}
    close = [iri for iri in scores if scores[iri] >= least or iri in fitting]
    close.sort(key=lambda iri: -scores[iri])
    return tuple(
        Hit(
            iri,
            rows[iri].kind,
            guessed=iri not in fitting,
            score=scores.get(iri, 0.0),
            matched=_meant(plain(text), rows[iri].names),
        )
        for iri in dict.fromkeys([*close, *fitting])
    )
