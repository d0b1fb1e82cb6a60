"""Turn premises into facts and rules, and infer everything that follows between named things.

No rule finds members of the complement of a class: they are the things that can't be in the class without a
contradiction.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from digitech_kg.errors import InconsistentData
from digitech_kg.graph_view import GraphView
from digitech_kg.hooks import load_hook
from digitech_kg.namespaces import BUILT_IN, OWL, RDFS, Namespaces
from digitech_kg.reasoning.premises import Leaf, find_properties, is_assertion, read_leaves, select_premises
from digitech_kg.reasoning.rules import compile_rules, fact_of, facts_of, listed_members
from digitech_kg.reasoning.saturation import CLASH, TYPE, Derivation, Fact, Rule, Saturation, Way, is_literal

#: Kinds of leaves that say something of individuals alone, so that they need no rule.
_OF_INDIVIDUALS: Final = frozenset(("assertion", "NegativePropertyAssertion", "AllDifferent"))


@dataclass(frozen=True)
class Complement:
    """A class expression that some rule looks at, with the class whose members are not in it."""

    name: str
    of: str
    #: What rules do with a member of it.
    looking: tuple[Way, ...]
    #: Whether it has an IRI, so that each of its members is worth knowing.
    is_named: bool = False


@dataclass(frozen=True)
class Theory:
    """Premises as leaves, rules and facts. Leaves are numbered; a plain assertion is kept as its triple."""

    leaves: tuple[Leaf | Triple, ...]
    rules: tuple[Rule, ...]
    given: tuple[Derivation, ...]
    complements: tuple[Complement, ...]
    classes: tuple[str, ...]
    properties: frozenset[object]
    #: The terms of the premises by their N-Triples.
    terms: dict[str, NamedNode | BlankNode | Literal]

    @classmethod
    def of(cls, premises: Iterable[Triple]) -> "Theory":
        """Read premises (from `select_premises`)."""
        plain, axioms = _split(premises)
        view = GraphView(axioms)
        leaves = read_leaves(axioms, view)
        terms = _terms_of([*plain, *axioms])
        properties = frozenset(find_properties(axioms))
        classes = tuple(str(t.subject) for t in axioms if t.object == OWL.Class and isinstance(t.subject, NamedNode))
        named = {str(leaf.subject): (number,) for number, leaf in enumerate(leaves) if leaf.kind == "definition"}
        rules = tuple(compile_rules(leaves, view, properties))
        given = (*_given(leaves, plain, 0), *listed_members(view, named))
        complements = tuple(_complements(axioms, rules))
        return cls((*leaves, *plain), rules, given, complements, classes, properties, terms)

    def with_more(self, premises: Iterable[Triple]) -> "Theory | None":
        """Return this theory with assertions and denials added; None if there are axioms among them."""
        plain, others = _split(premises)
        leaves = read_leaves(others, GraphView(others))
        if any(leaf.kind not in _OF_INDIVIDUALS or isinstance(leaf.value, BlankNode) for leaf in leaves):
            return None
        if not find_properties(others) <= self.properties:
            return None
        terms = _terms_of([*plain, *others])
        given = _given(leaves, plain, len(self.leaves))
        leaves_and_plain = (*self.leaves, *leaves, *plain)
        return replace(self, leaves=leaves_and_plain, given=(*self.given, *given), terms={**self.terms, **terms})

    def leaf(self, number: int) -> Leaf:
        leaf = self.leaves[number]
        if isinstance(leaf, Leaf):
            return leaf
        return Leaf("assertion", (leaf,), leaf.subject, leaf.object, leaf.predicate)


def _split(premises: Iterable[Triple]) -> tuple[list[Triple], list[Triple]]:
    split: tuple[list[Triple], list[Triple]] = [], []
    for triple in premises:
        split[not is_assertion(triple)].append(triple)
    return split


def _given(leaves: Sequence[Leaf], plain: Iterable[Triple], first: int) -> list[Derivation]:
    given = [derivation for number, leaf in enumerate(leaves, first) for derivation in facts_of(number, leaf)]
    numbered = enumerate(plain, first + len(leaves))
    return [*given, *(Derivation(fact_of(triple), (), (number,)) for number, triple in numbered)]


def _terms_of(triples: Iterable[Triple]) -> dict[str, NamedNode | BlankNode | Literal]:
    found = {term for t in triples for term in (t.subject, t.predicate, t.object) if not isinstance(term, Triple)}
    return {str(term): term for term in found}


def _complements(axioms: Iterable[Triple], rules: tuple[Rule, ...]) -> Iterable[Complement]:
    for triple in axioms:
        if triple.predicate == OWL.complementOf:
            name, other = str(triple.subject), str(triple.object)
            # It is known already that nothing is in both.
            others = (rule for rule in rules if {part[2] for part in rule.body if part[1] == TYPE} != {name, other})
            looking = tuple(way for rule in others for way in rule.ways if way.part[1:] == (TYPE, name))
            is_named = isinstance(triple.subject, NamedNode)
            if looking or is_named:
                yield Complement(name, other, looking, is_named)


def add_complements(
    saturation: Saturation, complements: Iterable[Complement], among: Iterable[str] | None = None
) -> None:
    """Add the memberships in complements that follow, with all that follows from them.

    Only individuals for which some rule needs to know it are tried; `among` narrows them down further.
    """
    complements, among, found = tuple(complements), None if among is None else tuple(among), True
    while found and saturation.is_consistent:
        found = False
        for complement in complements:
            for individual in list(_candidates(saturation, complement, among)):
                assumed = Derivation((individual, TYPE, complement.of), (), ())
                with saturation.assuming([assumed], until_clash=True):
                    leaves = None if saturation.is_consistent else tuple(saturation.leaves_of(CLASH))
                if leaves is not None:
                    saturation.add([Derivation((individual, TYPE, complement.name), (), leaves)])
                    found = True


def _candidates(facts: Saturation, complement: Complement, among: Iterable[str] | None) -> Iterator[str]:
    """Yield the individuals, not known to be in a complement, of which some rule needs to know whether they are."""
    for individual in facts.individuals() if among is None else among:
        member = (individual, TYPE, complement.name)
        if is_literal(individual) or member in facts.known:
            continue
        if complement.is_named or any(next(facts.apply(way, member), None) for way in complement.looking):
            yield individual


@dataclass(frozen=True)
class Entailments:
    """What follows from premises: new triples sorted by their N-Triples, and the classes that can have no member."""

    triples: tuple[Triple, ...]
    unsatisfiable: tuple[str, ...] = ()
    consistent: bool = True


class Base:
    """Premises that hardly change, with all that follows from them; others are added temporarily.

    Inferences are about named things: memberships in classes, values of properties, and which classes and
    properties are below which. Premises and trivial inferences are left out. If premises contradict each other,
    anything would follow, and the result says so. Not thread-safe.
    """

    def __init__(self, premises: Iterable[Triple]) -> None:
        """Derive all that follows from premises (from `select_premises`)."""
        self._known = dict.fromkeys(premises)
        self._theory = theory = Theory.of(self._known)
        self._saturation = Saturation(theory.rules)
        self._saturation.add(theory.given)
        add_complements(self._saturation, theory.complements)
        self._hierarchy = classify(theory, self._saturation)
        #: What follows from these premises alone.
        self.entailments = self._collect(theory, 0, self._hierarchy, {})
        self._size = len(self._saturation.order)

    def select(self, quads: Iterable[Quad]) -> tuple[Triple, ...]:
        """Return the premises among quads that are about properties which the base declares."""
        return select_premises(quads, self._theory.properties)

    def infer(self, more: Iterable[Triple]) -> Entailments:
        """Return what follows only if these premises are added; those that the base already has are ignored."""
        more = tuple(triple for triple in more if triple not in self._known)
        theory = self._theory.with_more(more)
        if theory is None:
            return self._infer_anew(more)
        with self._saturation.assuming(theory.given[len(self._theory.given) :]):
            add_complements(self._saturation, theory.complements)
            hierarchy = classify(theory, self._saturation, self._hierarchy)
            return self._collect(theory, self._size, hierarchy, self._hierarchy)

    def _infer_anew(self, more: tuple[Triple, ...]) -> Entailments:
        """Return the same where axioms are added, so that other rules hold."""
        whole, own = Base([*self._known, *more]).entailments, self.entailments
        triples = tuple(sorted({*whole.triples} - {*own.triples}, key=str))
        return Entailments(triples, tuple(sorted({*whole.unsatisfiable} - {*own.unsatisfiable})), whole.consistent)

    def _collect(self, theory: Theory, before: int, hierarchy: "Ranks", known: "Ranks") -> Entailments:
        if not self._saturation.is_consistent:
            return Entailments((), consistent=False)
        stated = {derivation.conclusion for derivation in theory.given if derivation.leaves}
        keys, terms = {TYPE, *map(str, theory.properties)}, theory.terms
        found = {
            Triple(terms[subject], terms[predicate], terms[value])  # type: ignore[arg-type]
            for subject, predicate, value in self._saturation.order[before:]
            if predicate in keys
            and subject.startswith("<")
            and not value.startswith(("_:", *_BUILT_IN))
            and (subject, predicate, value) not in stated
        }
        found |= links_of(theory, hierarchy) - links_of(theory, known) - self._known.keys()
        empty = empty_classes(hierarchy) - empty_classes(known)
        return Entailments(tuple(sorted(found, key=str)), tuple(sorted(empty)))


#: Stand for any member of a class and any two things that a property relates.
ANY, OTHER = "_:any", "_:other"
#: Every class is below these, every property likewise: no news.
_BUILT_IN: Final = tuple(f"<{space}" for space in BUILT_IN)


class Rank(NamedTuple):
    """What is above a class or property: None if it can have no member."""

    above: frozenset[str] | None
    #: Whether named individuals play a part, so that facts about them can change it.
    depends_on_facts: bool


Ranks = dict[tuple[NamedNode, str], Rank]


def classify(theory: Theory, saturation: Saturation, known: Ranks | None = None) -> Ranks:
    """Return the rank of each class and property of a theory; with `known` that of those which facts can change."""
    if not saturation.is_consistent:
        return {}
    names = [(RDFS.subClassOf, name) for name in theory.classes]
    names += [(RDFS.subPropertyOf, str(prop)) for prop in theory.properties]
    if known is not None:
        names = [name for name in names if known[name].depends_on_facts]
    return {(link, name): _rank(theory, saturation, link, name) for link, name in names}


def _rank(theory: Theory, saturation: Saturation, link: NamedNode, name: str) -> Rank:
    of_classes = link == RDFS.subClassOf
    assumed = (ANY, TYPE, name) if of_classes else (ANY, name, OTHER)
    with saturation.assuming([Derivation(assumed, (), ())]) as before:
        if theory.complements:
            add_complements(saturation, theory.complements, _ends(saturation.order[before:]))
        new = saturation.order[before:]
        depends = any(not end.startswith("_:") for end in _ends(new) if end)
        if not saturation.is_consistent:
            return Rank(None, depends)
        if of_classes:
            above = frozenset(value for subject, link_, value in new if (subject, link_) == (ANY, TYPE))
        else:
            above = frozenset(role for subject, role, value in new if (subject, value) == (ANY, OTHER))
    return Rank(frozenset(c for c in above if c.startswith("<") and not c.startswith(_BUILT_IN)) - {name}, depends)


def _ends(facts: Iterable[Fact]) -> set[str]:
    return {end for s, p, o in facts for end in ((s,) if p == TYPE else (s, o))}


def links_of(theory: Theory, hierarchy: Ranks) -> set[Triple]:
    terms = theory.terms
    return {
        Triple(terms[name], link, terms[upper])  # type: ignore[arg-type]
        for (link, name), rank in hierarchy.items()
        for upper in rank.above or ()
    }


def empty_classes(hierarchy: Ranks) -> set[str]:
    """Return the IRIs of the classes that can have no member."""
    return {name[1:-1] for (link, name), rank in hierarchy.items() if link == RDFS.subClassOf and rank.above is None}


def contradiction(quads: Iterable[Quad], names: Namespaces) -> InconsistentData:
    """Return the error for quads that contradict themselves; a part names the claims, unless it is switched off."""
    hint = "The part that names the claims is switched off: see [parts] in project.toml. Nothing was published."
    error = InconsistentData("the statements and axioms contradict each other", hint=hint)
    explain = load_hook("conflicts", names)
    return explain(quads, names) if explain else error
