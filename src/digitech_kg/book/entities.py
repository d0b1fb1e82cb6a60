"""Find the things that a name may mean, with their properties, for the reconciliation service."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal

from digitech_kg.book import NAMES, Book, Term, order_of
from digitech_kg.claims.labels import best_text
from digitech_kg.iteration import reachable
from digitech_kg.mappings.model import SAME
from digitech_kg.matching.ranking import Candidate, Entity, NameIndex, is_identifier
from digitech_kg.matching.spelling import plain
from digitech_kg.namespaces import DK, RDF, RDFS, SKOS, TERMS, VOCABULARIES, Namespaces, value_of

#: Links count as one property, whatever their kind.
LINKS = "sameOrExactMatch"
#: In place of a source: what documents and all other sources say.
ALL = "all"
#: Things that are ranked for a name; the right one was among the first 20 for each of 800 misspelt names.
_CANDIDATES = 30
#: Things that may be meant by a value by which others are looked for.
_MEANT = 5
#: Things among which those are chosen that a name begins.
_FOUND = 100


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A class or property. What a source outside the documents says has a property of its own for each source."""

    id: str
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """A value of a property: a thing of the project by its id, or text, a number or a yes-or-no with its datatype."""

    text: str
    id: str = ""
    datatype: str = ""


#: By the id of a thing and that of a property.
Values = dict[str, dict[str, tuple[PropertyValue, ...]]]


class EntityReader:
    """What reconciliation asks of a book. Things, properties and classes go by their ids."""

    def __init__(self, book: Book) -> None:
        self._book, self._names = book, book.names
        self._root = book.names.prefixes["id"]
        #: What is kept of the making of the data; no name in a table means it.
        self._records = frozenset((DK.EmptyLookUp.value, DK.Source.value))

    def rank(
        self,
        text: str,
        *,
        types: Collection[str] = (),
        strict: str = "any",
        properties: Mapping[str, tuple[str, ...]] | None = None,
        limit: int = 10,
    ) -> list[Candidate]:
        """Return the things that a text may mean, best first; see `NameIndex.rank`."""
        wanted = properties or {}
        if text.strip():
            # Who alone has an identifier may be meant by another name.
            owners = self._having(values for key, values in wanted.items() if is_identifier(key))
            iris: Iterable[str] = [self._root + text, *self._book.candidates(text, _CANDIDATES), *sorted(owners)]
        else:
            iris = self._having(wanted.values())
        index = NameIndex(self._entities(iris, with_values=bool(properties)).values())
        return index.rank(text, types=types, strict=strict, properties=properties, limit=limit)

    def starting_with(self, text: str, limit: int) -> list[Entity]:
        """Return the things with a name that begins like a text, then those that it may mean."""
        start = plain(text)
        hits = (hit.iri for hit in self._book.search(text, limit=_FOUND))
        entities = self._entities({self._root + text, *(iri for iri in hits if iri.startswith(self._root))})
        begins = [e for e in entities.values() if any(plain(name).startswith(start) for name in (e.name, *e.names))]
        begins.sort(key=lambda e: (e.id != text, not plain(e.name).startswith(start), len(e.name), e.id))
        others = [candidate.entity for candidate in self.rank(text, limit=limit)]
        return list({entity.id: entity for entity in (*begins, *others)}.values())

    def find(self, identifier: str) -> Entity | None:
        """Return a thing; None for what has no label or no class."""
        return self._entities([self._root + identifier]).get(identifier)

    def entities(self) -> list[Entity]:
        """Return all things with what is told of them, by id."""
        found = self._entities({iri for iri, _ in self._book.named_things()}, with_values=True)
        return [found[identifier] for identifier in sorted(found)]

    def values(self, ids: Iterable[str]) -> Values:
        """Return what documents say plainly of things, what other sources say without reserve, and links.

        What all say together stands under the name with `@all`, and under the plain one if no document has a claim.
        """
        found, of_documents = self._values([self._root + identifier for identifier in ids]), self._book.predicates()
        for own in found.values():
            for column, told in list(own.items()):
                prop = column.partition("@")[0]
                plain_too = () if self._iri_of(prop) in of_documents else (prop,)
                for name in (f"{prop}@{ALL}", *plain_too):
                    own[name] = tuple(dict.fromkeys((*own.get(name, ()), *told)))
        return found

    def knows_property(self, identifier: str) -> bool:
        return identifier == LINKS or self._book.is_known(self._iri_of(identifier.partition("@")[0]))

    def terms(self, ids: Iterable[str]) -> dict[str, NamedTerm]:
        parts = {identifier: identifier.partition("@")[::2] for identifier in ids}
        iris = {prop: self._iri_of(prop) for prop, _ in parts.values()}
        told = self._texts([*iris.values(), *(self._root + source for _, source in parts.values() if source)])
        of_both = self._book.predicates() & self._book.predicates(outside=True)
        found = {}
        for identifier, (prop, source) in parts.items():
            label, description = told.get(iris[prop], ("", ""))
            whose = told.get(self._root + source, ("", ""))[0] or self._names.shorten(self._root + source)
            whose = {"": "documents" if iris[prop] in of_both else "", ALL: "all"}.get(source, whose)
            name = f"{label or prop} (source: {whose})" if whose else label or prop
            found[identifier] = NamedTerm(identifier, name, description)
        if LINKS in found:
            found[LINKS] = NamedTerm(LINKS, "same or exact match", "The same thing in another data set.")
        return found

    def properties_of(self, cls: str = "") -> list[NamedTerm]:
        """Return the properties that things of a class have values for, by name; of any class without one."""
        if cls:
            below = self._book.classes_below(self._iri_of(cls))
            things = {iri for iri, _ in self._book.instances(*below) if iri.startswith(self._root)}
        else:
            things = {iri for iri, _ in self._book.named_things()}
        ids = {prop for told in self._values(things).values() for prop in told}
        return _by_name(self.terms({*ids, *(f"{prop.partition('@')[0]}@{ALL}" for prop in ids if "@" in prop)}))

    def classes(self) -> list[NamedTerm]:
        return _by_name(self.terms(self._class_counts()))

    def common_classes(self, most: int) -> list[NamedTerm]:
        return list(self.terms(cls for cls, _ in self._class_counts().most_common(most)).values())

    def _class_counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        direct = self._book.class_counts(self._root)
        above = self._book.classes_above(direct)
        for cls, count in direct.items():
            for each in _with_classes_above([cls], above):
                counts[term_id(each, self._names)] += count
        return counts

    def _having(self, wanted: Iterable[tuple[str, ...]]) -> set[str]:
        """Return the things of which something is told that one of the texts may be."""
        found: set[str] = set()
        for text in {text for texts in wanted for text in texts}:
            meant = [self._root + text, *self._book.candidates(text, _MEANT)]
            found |= {*self._book.told_to_have(meant, text)}
            found |= {iri for iri, _ in self._book.pointing(text, *SAME)}
        return found

    def _entities(self, iris: Iterable[str], *, with_values: bool = False) -> dict[str, Entity]:
        """Return things with their names and classes, by id; what has no label or no class is left out."""
        wanted = list(dict.fromkeys(iris))
        said = self._book.values(wanted, RDF.type, SKOS.definition, *NAMES)
        values = self._values(said) if with_values else {}
        above = self._book.classes_above({value_of(v) for own in said.values() for v in own.get(RDF.type, ())})
        found = {}
        for iri in (iri for iri in wanted if iri in said):
            own, identifier = said[iri], iri.removeprefix(self._root)
            name = _text(own.get(RDFS.label, ()), self._names)
            classes = _with_classes_above((value_of(v) for v in own.get(RDF.type, ())), above)
            if not name or not classes or not self._records.isdisjoint(classes):
                continue
            # A class that is above another of them comes after it.
            over = {other for cls in classes for other in above.get(cls, ())}
            told: dict[str, list[str]] = defaultdict(list)
            for prop, each in values.get(identifier, {}).items():
                texts = [text for value in each for text in (value.id, value.text) if text]
                # A request may name a value to tell things apart with its source or without.
                for key in {prop, prop.partition("@")[0], f"{prop.partition('@')[0]}@{ALL}"}:
                    told[key] += texts
            names = dict.fromkeys(value_of(v) for prop in NAMES for v in own.get(prop, ()))
            found[identifier] = Entity(
                id=identifier,
                name=name,
                names=tuple(text for text in names if text != name),
                types=tuple(term_id(cls, self._names) for cls in sorted(classes, key=lambda cls: (cls in over, cls))),
                description=_text(own.get(SKOS.definition, ()), self._names),
                values={prop: tuple(dict.fromkeys(texts)) for prop, texts in told.items()},
            )
        return found

    def _values(self, iris: Iterable[str]) -> Values:
        wanted = list(iris)
        facts = self._book.told_plainly(wanted)
        linked = self._book.values(wanted, *SAME)
        labels = self._texts({value.value for _, _, value, _ in facts if not isinstance(value, Literal)})
        found: dict[str, dict[str, dict[PropertyValue, None]]] = defaultdict(lambda: defaultdict(dict))
        for thing, predicate, term, source in sorted(facts, key=lambda fact: (*fact[:2], fact[3], order_of(fact[2]))):
            prop = term_id(predicate, self._names) + (f"@{source.removeprefix(self._root)}" if source else "")
            found[thing][prop][self._value(term, labels)] = None
        for thing, links in linked.items():
            for link in (link for values in links.values() for link in values):
                found[thing][LINKS][PropertyValue(link.value)] = None
        return {
            thing.removeprefix(self._root): {prop: tuple(values) for prop, values in own.items()}
            for thing, own in found.items()
        }

    def _value(self, term: Term, labels: Mapping[str, tuple[str, str]]) -> PropertyValue:
        if isinstance(term, Literal):
            return PropertyValue(term.value, datatype=term.datatype.value)
        label = labels.get(term.value, ("", ""))[0]
        return PropertyValue(label, term.value.removeprefix(self._root)) if label else PropertyValue(term.value)

    def _texts(self, iris: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return the label and the definition of things, by IRI; "" for what there is not."""
        said = self._book.values(iris, RDFS.label, SKOS.definition)
        return {
            iri: (_text(own.get(RDFS.label, ()), self._names), _text(own.get(SKOS.definition, ()), self._names))
            for iri, own in said.items()
        }

    def _iri_of(self, identifier: str) -> str:
        return (self._names.expand(identifier) or identifier) if ":" in identifier else TERMS + identifier


def term_id(iri: str, names: Namespaces) -> str:
    """Return the local name of a term of the packaged ontology, the CURIE of any other, or its IRI if it has none.

    >>> names = Namespaces("https://example.org/kg/")
    >>> [term_id(iri, names) for iri in (TERMS + "Company", "http://xmlns.com/foaf/0.1/Person", "http://x.example/T")]
    ['Company', 'foaf:Person', 'http://x.example/T']
    """
    return iri.removeprefix(TERMS) if iri.startswith(TERMS) else names.shorten(iri).strip("<>")


def read_term_id(text: str, names: Namespaces) -> str:
    """Return the id of a term that is named by its id, CURIE or IRI.

    >>> names = Namespaces("https://example.org/kg/")
    >>> [read_term_id(text, names) for text in ("dk:Company", TERMS + "Company", "Company")]
    ['Company', 'Company', 'Company']
    """
    iri = names.expand(text)
    return term_id(iri, names) if iri else text


def _text(values: Iterable[Term], names: Namespaces) -> str:
    """Return a text in English, else in the first language of the project that has one, else any."""
    texts = {(v.language or ""): v.value for v in reversed(list(values)) if isinstance(v, Literal)}
    return best_text(texts, ("en", *map(str.lower, names.languages)))


def _with_classes_above(classes: Iterable[str], above: Mapping[str, Sequence[str]]) -> set[str]:
    """Return classes and all above them, without those of OWL."""
    return {
        cls for cls in reachable(classes, lambda cls: above.get(cls, ())) if not cls.startswith(VOCABULARIES["owl"])
    }


def _by_name(terms: Mapping[str, NamedTerm]) -> list[NamedTerm]:
    return sorted(terms.values(), key=lambda term: (term.name, term.id))
