"""What is written to the small project: its names, and claims and companies as text."""

from collections.abc import Iterable
from hashlib import sha256

from pyoxigraph import NamedNode, Quad

from conftest import SMALL_PROJECT
from digitech_kg.commit.request import SparqlUpdate
from digitech_kg.snapshot.changes import sorted_lines
from digitech_kg.snapshot.repository import Snapshot
from digitech_kg.sources.project import find_project
from digitech_kg.triple_store import open_read_only

NAMES = find_project(SMALL_PROJECT).names
GRAPHS = NAMES.graphs
NOTE = GRAPHS.document("note")
HEADER = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in NAMES.prefixes.items())


def thing(name: str) -> NamedNode:
    return NAMES.thing(name)


def claim(name: str) -> NamedNode:
    return NAMES.claim("note", name)


def claim_text(name: str, *, subject: str = "acme", rest: str = "") -> str:
    """Return the Turtle of a claim of the note that a thing is active in the paint trade; `rest` begins with `;`."""
    return f"""note-claim:{name} a dk:Claim ; rdfs:comment "Said in a test."@en ; dk:subject id:{subject} ;
  dk:predicate dk:isActiveIn ; dk:object id:paint-trade ; dk:statedIn note:s01 {rest} ."""


def company_text(name: str) -> str:
    """Return the Turtle of a company that the note describes."""
    return f"""id:{name} a dk:Company ; rdfs:label "{name}"@en , "{name}"@nb , "极"@zh-hans ;
  skos:definition "A firm."@en ; dk:describedIn note:s01 ."""


def insert(body: str, graph: str = "note") -> SparqlUpdate:
    return SparqlUpdate(f"{HEADER} INSERT DATA {{ GRAPH graph:{graph} {{ {body} }} }}")


def delete(subject: str, graph: str = "note") -> SparqlUpdate:
    """Return the update that deletes all that a graph says of a subject, given as a CURIE."""
    return SparqlUpdate(f"{HEADER} DELETE WHERE {{ GRAPH graph:{graph} {{ {subject} ?p ?o }} }}")


def content_of(snapshot: Snapshot) -> list[bytes]:
    """Return the N-Quads that a version is named by: all but the description of the dataset."""
    return content_lines(open_read_only(snapshot.store))


def content_digest(snapshot: Snapshot) -> str:
    """Return the digest that a version is named by: the sum of the hashes of its lines."""
    hashes = (int.from_bytes(sha256(line).digest()) for line in content_of(snapshot))
    return f"{sum(hashes) % 2**256:064x}"


def content_lines(quads: Iterable[Quad]) -> list[bytes]:
    """Return the N-Quads of a dataset, sorted, without the description, which tells of the version itself."""
    return sorted_lines(quad for quad in quads if quad.graph_name != GRAPHS.catalog).splitlines()
