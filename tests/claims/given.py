"""Small documents for the tests of claims, written as Turtle."""

from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from digitech_kg.claims.clauses import SentencePatterns, read_sentence_patterns
from digitech_kg.claims.derivation import derive
from digitech_kg.claims.labels import QuadLabels, read_labels
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.namespaces import Namespaces

DATA = Path(__file__).parent / "data"
ONTOLOGY = Path(__file__).parents[2] / "ontology"
NAMES = Namespaces(
    "https://example.org/kg/",
    (
        ("note", "https://example.org/kg/passage/note/"),
        ("note-claim", "https://example.org/kg/claim/note/"),
        ("other", "https://example.org/kg/passage/other/"),
    ),
    ("en",),
    ("nb", "zh-hans"),
)
HEADER = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in NAMES.prefixes.items())
#: A complete claim to which tests add reserves.
FACT = "dk:subject id:acme ; dk:predicate dk:provides ; dk:object id:paint"
#: The same for one that says what its subject is like.
QUALITY = "dk:subject id:rules ; dk:predicate dk:hasCharacteristic ; dk:object id:strict"


def read(turtle: str, graph: NamedNode | None = None) -> list[Quad]:
    """Return the quads of a text with all prefixes, in the graph of the document `note` unless told otherwise."""
    graph = graph or NAMES.graphs.document("note")
    return [Quad(q.subject, q.predicate, q.object, graph) for q in parse(HEADER + turtle, RdfFormat.TURTLE)]


def claim(said: str = "", fact: str = FACT) -> Claim:
    """Return the claim of a fact with what is said of it besides."""
    (found,) = read_claims(read(f"note-claim:c a dk:Claim ; {fact} ; {said} ."))
    return found


@cache
def shared() -> list[Quad]:
    """Return the labels of the things that the claims are about."""
    return read((DATA / "labels.ttl").read_text(encoding="utf-8"), NAMES.graphs.things)


@cache
def ontology() -> list[Quad]:
    """Return the triples of all modules of the ontology."""
    return [quad for file in sorted(ONTOLOGY.glob("*.ttl")) for quad in parse(path=file, format=RdfFormat.TURTLE)]


@cache
def patterns() -> SentencePatterns:
    """Return the patterns that come with the ontology and those of the shared things."""
    return read_sentence_patterns([*ontology(), *shared()])


@cache
def labels() -> QuadLabels:
    """Return the names of the shared things."""
    return read_labels(shared())


def derived(turtle: str, names: Namespaces = NAMES, document: str = "note") -> list[Quad]:
    """Return what the claims of the document `note` give."""
    return derive(read(turtle), document, names, patterns(), labels())
