"""Compute the derived graphs of a dataset, and validate it, one unit at a time. These are the units:

    shared     graph:ontology, graph:things, graph:topics      → graph:things/inferred
    documents  graph:<document> beside what is shared          → its statements, evidence and inferences
    issues     graph:issues beside all documents               → graph:positions
    outside    graph:external/…, graph:links, any other graph  → their statements, and labels of claims in
                                                                 graph:things/evidence; validated
    things     graph:things beside all of these                → nothing; validated when what is shared changes

A unit is computed again as a whole when one of its graphs, or what is shared, has changed. So the graphs of a document
always hold what a fresh build of the same content gives them. Checks run at the same time as the rest.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from digitech_kg.claims.clauses import SentencePatterns, read_sentence_patterns
from digitech_kg.claims.derivation import Topics, derive, label_external_claims, read_topics, state_external_claims
from digitech_kg.claims.labels import QuadLabels, read_labels
from digitech_kg.commit.attempt import TrackedStore
from digitech_kg.commit.files import VersionSettings
from digitech_kg.commit.results import Checks, ResultStore, digest_of
from digitech_kg.comparison.documents import compare_documents, comparison_quads
from digitech_kg.comparison.issues import find_doubts, find_faults, place_documents
from digitech_kg.iteration import grouped
from digitech_kg.namespaces import RDF, SH, GraphName, value_of
from digitech_kg.reasoning.inference import Base, contradiction
from digitech_kg.reasoning.premises import select_premises
from digitech_kg.snapshot.manifest import graph_key
from digitech_kg.validation.checks import (
    check_hints,
    check_languages,
    check_quotes,
    find_twins,
    find_unknown,
    tell_unknown,
)
from digitech_kg.validation.claims import check_claims
from digitech_kg.validation.named import Reading
from digitech_kg.validation.report import Report, Result, Severity
from digitech_kg.validation.things import check_extent, check_unclaimed
from digitech_kg.validation.with_shifty import validate

#: The name of the unit that is shared; its inferences are in a graph named like those of a document.
SHARED_UNIT: Final = "things"


class DerivedGraphs:
    """Computes derived graphs by the settings of a version, and starts the checks of each unit.

    Results are kept by the hash of what goes in.
    """

    def __init__(
        self,
        settings: VersionSettings,
        shared: list[Quad],
        results: ResultStore,
        *,
        validator: Callable[..., Report] = validate,
        infers: bool = True,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """`texts` are those of documents, by name, that cues are looked up in."""
        self.names, self._settings, self._shared = settings.names, settings, shared
        self._validate = validator
        self._results, self._infers, self._texts = results, infers, texts or {}
        #: Tells what all is computed from.
        self.digest = digest_of(shared, str(self.names), settings.shapes, settings.house_rules, str(infers))

    @cached_property
    def dataset(self) -> list[Quad]:
        """What files say of the dataset, without the counts that a version adds."""
        return list(parse(self._settings.catalog, format=RdfFormat.N_QUADS))

    def prepare(self) -> None:
        """Have ready for the first document what is read from the shared graphs."""
        _ = self._base if self._infers else None

    @cached_property
    def _ntriples(self) -> bytes:
        """What is shared as N-Triples, but for the words by which claims are searched: shapes can't look at them."""
        topics, claims = self.names.graphs.topics, self.names.prefixes["claim"]
        return _triples(q for q in self._shared if q.graph_name != topics or not value_of(q.subject).startswith(claims))

    @cached_property
    def wording(self) -> tuple[SentencePatterns, QuadLabels, Topics]:
        """What sentences are made of, patterns and the names of things, and what things are about."""
        return read_sentence_patterns(self._shared), read_labels(self._shared), read_topics(self._shared)

    @cached_property
    def _base(self) -> Base:
        """What follows from what is shared, ready to be added to. Raises `InconsistentData`."""
        base = Base(select_premises(self._shared))
        if not base.entailments.consistent:
            raise contradiction(self._shared, self.names)
        return base

    def shared(self, checks: Checks) -> Iterable[Quad]:
        """Return what follows from what all documents share, and have that checked."""
        shared, rules, names = self._shared, self._settings.house_rules, self.names
        ontology = [quad for quad in shared if quad.graph_name == names.graphs.ontology]

        def check_names() -> Iterable[Result]:
            return (*check_languages(shared, names), *check_claims(shared, names))

        # Things change often, the ontology hardly ever, and to look at its shapes takes longest.
        key = digest_of(ontology, str(names), rules)
        self._start(checks, f"ontology-{key}", lambda: self._validate(_triples(ontology), rules, names).results)
        self._start(checks, f"shared-{self.digest}", check_names)

        def infer() -> Iterable[Quad]:
            return self._as_quads(self._base.entailments.triples if self._infers else (), shared, SHARED_UNIT)

        return self._results.quads(f"inferred-{self.digest}", infer)

    def document(self, name: str, own: Sequence[Quad], checks: Checks) -> list[Quad]:
        """Return what is derived from a document, but not from claims of others that stray into it; have it checked.

        Raises `InconsistentData` that names the claims if the document contradicts itself.
        """
        key = digest_of(self.digest, name, own)
        placed = [quad for quad in own if self.names.document_of(value_of(quad.subject)) in (None, name)]
        derived = self._results.quads(f"derived-{key}", lambda: derive(placed, name, self.names, *self.wording))
        stated = [*self._shared, *placed, *derived]
        self._check(checks, key, [*placed, *derived], [*own, *derived])
        inferred = self._results.quads(f"inferred-{key}", lambda: self._infer(name, [*placed, *derived], stated))
        checks.start(lambda: check_hints(stated, inferred, self.names))
        checks.start(lambda: self.quotes(name, own), counts=False)
        return [*derived, *inferred]

    def quotes(self, name: str, own: Sequence[Quad]) -> tuple[Result, ...]:
        """Return what a document's text says otherwise, if it is at hand."""
        if (text := self._texts.get(name)) is None:
            return ()
        key = digest_of(self.digest, name, text, own)
        return self._results.found(
            f"quotes-{key}", lambda: check_quotes(Reading(own, name, text, self.names), self._shared)
        )

    def things(self, stated: Sequence[Quad], checks: Checks) -> None:
        """Have the things that are shared checked, beside all that is stated elsewhere."""
        things = [quad for quad in self._shared if quad.graph_name == self.names.graphs.things]
        self._check(checks, digest_of(self.digest, "things", stated), stated, things)

    def outside(self, own: Sequence[Quad], checks: Checks) -> None:
        """Have graphs that belong to no document checked."""
        self._check(checks, digest_of(self.digest, "outside", own), own)

    def issues(self, own: Sequence[Quad], documents: Mapping[str, Sequence[Quad]], checks: Checks) -> list[Quad]:
        """Return the positions of documents on issues, and have issues and written positions checked."""
        board = place_documents(own, documents, self.names)
        positions = list(board.quads(self.names))
        about = [*own, *positions]
        quads = [*about, *board.background]
        self._check(checks, digest_of(self.digest, "issues", quads), quads, about)
        found = ((Severity.VIOLATION, find_faults(board)), (Severity.WARNING, find_doubts(board)))
        faults = tuple(
            Result(iri.value, None, None, severity, message, None) for severity, told in found for iri, message in told
        )
        checks.start(lambda: faults)
        return positions

    def unknown(self, target: TrackedStore, written: Iterable[GraphName]) -> tuple[Result, ...]:
        """Return where these graphs use a term of the ontology or point at a thing that nothing by hand describes."""
        is_derived = self.names.graphs.is_derived

        def is_described(term: NamedNode) -> bool:
            quads = target.store.quads_for_pattern(term, None, None, None)
            return any(not is_derived(quad.graph_name) for quad in quads)

        return find_unknown(target.quads(*written), self._shared, is_described, self.names)

    def may_fail(self, store: Store, graph: GraphName) -> bool:
        """Whether a graph that isn't the project's has a member of a class, or a property, of which shapes speak."""
        patterns = (
            (None, *ends, graph) for term in self._targets_of_shapes for ends in ((RDF.type, term), (term, None))
        )
        return any(next(store.quads_for_pattern(*pattern), None) for pattern in patterns)

    @cached_property
    def _targets_of_shapes(self) -> frozenset[NamedNode]:
        targets = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)
        quads = parse(self._settings.shapes, format=RdfFormat.N_TRIPLES)
        return frozenset(q.object for q in quads if q.predicate in targets and isinstance(q.object, NamedNode))

    def _check(self, checks: Checks, key: str, own: Sequence[Quad], about: Sequence[Quad] | None = None) -> None:
        """Have quads checked beside what is shared; what counts is what is found on the subjects of `about`, or all."""
        about = own if about is None else about
        focus, shared, written = {quad.subject for quad in about}, self._shared, self._ntriples

        def check_shapes() -> Iterable[Result]:
            found = self._validate(written + _triples(own), self._settings.shapes, self.names, focus).results
            return tell_unknown(found, [*shared, *own], self.names)

        def check_names() -> Iterable[Result]:
            stated, claims = [*shared, *own], check_claims(about, self.names, shared)
            named = (check(stated, about, self.names) for check in (check_unclaimed, check_extent))
            return (*check_languages(stated, self.names, focus), *claims, *chain.from_iterable(named))

        self._start(checks, f"shapes-{key}", check_shapes)
        self._start(checks, f"names-{key}", check_names)

    def _start(self, checks: Checks, key: str, check: Callable[[], Iterable[Result]]) -> None:
        """Start a check, unless its results are kept under this key."""
        checks.start(lambda: self._results.found(key, check))

    def _infer(self, name: str, own: Sequence[Quad], stated: list[Quad]) -> list[Quad]:
        if not self._infers:
            return []
        entailments = self._base.infer(self._base.select(own))
        if not entailments.consistent:
            raise contradiction(stated, self.names)
        return self._as_quads(entailments.triples, stated, name)

    def _as_quads(self, triples: Iterable[Triple], stated: Iterable[Quad], name: str) -> list[Quad]:
        triples, graph = list(triples), self.names.graphs.inferred(name)
        subjects = {triple.subject for triple in triples}
        known = {quad.triple for quad in stated if quad.subject in subjects}
        return [Quad(t.subject, t.predicate, t.object, graph) for t in triples if t not in known]


def _triples(quads: Iterable[Quad]) -> bytes:
    triples = (quad.triple for quad in quads if not isinstance(quad.object, Triple))
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def recompute(
    target: TrackedStore, derived: DerivedGraphs, touched: Collection[GraphName] | None, checks: Checks
) -> list[str]:
    """Bring the derived graphs of a store up to date after the graphs in `touched` were written to; None means all.

    Each step reads what those before it wrote. Returns the documents that were computed anew; what the shapes say,
    `checks` will know. Raises `InconsistentData` with the claims of a document that contradicts itself; the store can't
    be used after that.
    """
    graphs, store = derived.names.graphs, target.store
    everything = touched is None or not set(touched).isdisjoint(graphs.shared)
    touched = set(touched or ())
    if everything:
        checks.begin(SHARED_UNIT)
        _replace(target, graphs.derived_of(SHARED_UNIT), derived.shared(checks))
    # Files were read with all that they point at.
    by_hand = set(store.named_graphs()) if everything and touched else touched
    own = (graph for graph in by_hand if not graphs.is_foreign(graph) and not graphs.is_derived(graph))
    checks.start(partial(tuple, derived.unknown(target, own)), counts=False)
    documents = graphs.documents_among({*touched, *store.named_graphs()} if everything else touched)
    for name in documents:
        checks.begin(name)
        _replace(target, graphs.derived_of(name), derived.document(name, target.quads(graphs.document(name)), checks))
    there = graphs.documents_among(store.named_graphs())
    if everything or any(graph == graphs.links or graphs.source_of(graph) is not None for graph in touched):
        facts = _renew_outside(target, derived, checks)
        if everything:
            checks.begin(SHARED_UNIT)
            stated = ((graphs.document(name), *graphs.derived_of(name)[:2]) for name in there)
            derived.things([*target.quads(*chain.from_iterable(stated)), *facts, *derived.dataset], checks)
    for graph in filter(graphs.is_foreign, touched):
        checks.begin(graph_key(graph))
        if derived.may_fail(store, graph):
            derived.outside(target.quads(graph), checks)
    if documents or everything:
        _compare(target, derived, there, checks)
    if documents or graphs.issues in touched:
        checks.begin("issues")
        issues = target.quads(graphs.issues)
        written = {name: target.quads(graphs.document(name)) for name in there} if issues else {}
        target.replace(graphs.positions, derived.issues(issues, written, checks) if issues else ())
    return documents


def _renew_outside(target: TrackedStore, derived: DerivedGraphs, checks: Checks) -> list[Quad]:
    """Renew what follows from what belongs to no document, and have that checked; return what it says."""
    names, graphs = derived.names, derived.names.graphs
    outside = [graph for graph in target.store.named_graphs() if graphs.source_of(graph) is not None]
    facts = target.quads(*(graph for graph in outside if not graphs.is_derived(graph)), graphs.links)
    checks.begin("external")
    derived.outside([*facts, *derived.dataset], checks)
    target.replace(graphs.external_labels, label_external_claims(facts, names, *derived.wording[:2]))
    _replace(target, filter(graphs.is_derived, outside), state_external_claims(facts, names))
    return facts


def _compare(target: TrackedStore, derived: DerivedGraphs, documents: Iterable[str], checks: Checks) -> None:
    """Compare all documents with each other, and look for things that have the same label."""
    names, graphs = derived.names, derived.names.graphs
    checks.begin("comparison")
    whole = {name: target.quads(graphs.document(name), *graphs.derived_of(name)) for name in documents}
    shared = target.quads(*graphs.shared)
    labelled = [*shared, *chain.from_iterable(whole.values())]
    checks.start(lambda: find_twins(labelled, names))
    pairs = compare_documents(whole, shared, names) if len(whole) > 1 else ()
    target.replace(graphs.comparison, comparison_quads(pairs, names))


def _replace(target: TrackedStore, graphs: Iterable[GraphName], quads: Iterable[Quad]) -> None:
    """Make these graphs, and those that quads name, hold these quads and no others."""
    emptied: dict[GraphName, list[Quad]] = {graph: [] for graph in graphs}
    for graph, own in (emptied | grouped((quad.graph_name, quad) for quad in quads)).items():
        target.replace(graph, own)
