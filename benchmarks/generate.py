"""Data of the shape of this graph at any size: things, passages, claims, statements and their evidence.

The same size and seed give the same bytes. As a program: `python benchmarks/generate.py --size 93000 > data.nt`.
"""

import argparse
import random
import sys
from collections.abc import Callable, Iterator

from digitech_kg.namespaces import Namespaces

PREFIXES = Namespaces("https://w3id.org/digitech-kg/").prefixes
DK, GRAPH, OWL, RDF, RDFS, SKOS = (PREFIXES[prefix] for prefix in ("dk", "graph", "owl", "rdf", "rdfs", "skos"))
_XSD = PREFIXES["xsd"]
_KINDS = ("Company", "State", "Technology", "Concern", "Policy", "Event", "Product", "Group")
_PREDICATES = (
    "adopts",
    "affects",
    "hasFunction",
    "hasGoal",
    "hasOwnershipKind",
    "isConcernedAbout",
    "isExampleOf",
    "isInSector",
    "provides",
    "raises",
    "respondsTo",
    "usesTechnology",
)
#: How claims are put: property, value, and how many claims in a hundred; the first has no reserve.
_MANNERS = {
    ("salience", "normal"): 60,
    ("certainty", "probable"): 15,
    ("certainty", "possible"): 10,
    ("mood", "prediction"): 6,
    ("mood", "recommendation"): 6,
    ("generality", "often"): 3,
}
_WORDS = [
    "network",
    "platform",
    "standard",
    "supply",
    "chain",
    "export",
    "control",
    "data",
    "security",
    "market",
    "state",
    "company",
    "technology",
    "sector",
    "chip",
    "cable",
    "phone",
    "payment",
    "shopping",
    "city",
    "camera",
    "law",
    "ministry",
    "fund",
    "talent",
    "research",
    "influence",
    "risk",
    "concern",
    "growth",
]
#: Claims per document; named graphs and page numbers belong to documents.
_CLAIMS_PER_DOCUMENT = 1500
#: How many triples one claim adds in all; measured.
_TRIPLES_PER_CLAIM = 16.24


#: Takes subject, predicate IRI, value and name of the graph; gives a line.
_Line = Callable[[str, str, str, str], str]


def _triple(subject: str, predicate: str, value: str, _graph: str) -> str:
    return f"{subject} <{predicate}> {value} .\n"


def _quad(subject: str, predicate: str, value: str, graph: str) -> str:
    return f"{subject} <{predicate}> {value} <{GRAPH}{graph}> .\n"


def iter_lines(size: int, *, seed: int = 1, named_graphs: bool = False) -> Iterator[str]:
    """Yield about `size` triples as lines of N-Triples, or of N-Quads with named graphs."""
    chance = random.Random(seed)  # noqa: S311
    line = _quad if named_graphs else _triple
    claims = max(100, round(size / _TRIPLES_PER_CLAIM))
    things = max(40, claims // 4)
    for number in range(things):
        yield from _thing(line, chance, number)
    for number in range(claims):
        document = number // _CLAIMS_PER_DOCUMENT
        if number % 2 == 0:
            yield from _passage(line, document, number // 2)
        yield from _claim(line, chance, number, things=things, document=document)


def thing_iri(number: int) -> str:
    """Return the IRI of a thing, in angle brackets."""
    return f"<{PREFIXES['id']}thing-{number}>"


def _claim_iri(number: int) -> str:
    return f"<{PREFIXES['claim']}document-{number // _CLAIMS_PER_DOCUMENT}/c{number}>"


def _passage_iri(number: int) -> str:
    return f"<{PREFIXES['passage']}document-{2 * number // _CLAIMS_PER_DOCUMENT}/p{number}>"


def _thing(line: _Line, chance: random.Random, number: int) -> Iterator[str]:
    name, graph = thing_iri(number), f"document-{number // (_CLAIMS_PER_DOCUMENT // 4)}"
    label = f"{chance.choice(_WORDS).title()} {number}"
    yield line(name, RDF + "type", f"<{DK}{_KINDS[number % len(_KINDS)]}>", graph)
    for language in ("en", "nb", "zh"):
        yield line(name, SKOS + "prefLabel", f'"{label}"@{language}', graph)
    yield line(name, SKOS + "definition", f'"{_sentence(chance)}"@en', graph)
    if number:
        # A tree of about ten levels whatever its size, for property paths.
        yield line(name, DK + "isPartOf", thing_iri(number // 3), graph)


def _passage(line: _Line, document: int, number: int) -> Iterator[str]:
    name, graph = _passage_iri(number), f"document-{document}"
    yield line(name, RDF + "type", f"<{DK}Passage>", graph)
    yield line(name, DK + "isPartOf", f"<{PREFIXES['id']}document-{document}>", graph)
    yield line(name, DK + "pageLabel", f'"{number // 40 + 1}"', graph)
    for term, value in (("orderInDocument", number), ("startOffset", number * 120), ("endOffset", number * 120 + 117)):
        yield line(name, DK + term, f'"{value}"^^<{_XSD}integer>', graph)
    yield line(name, DK + "textHash", f'"{number * 2654435761 % 2**32:064x}"', graph)


def _claim(line: _Line, chance: random.Random, number: int, *, things: int, document: int) -> Iterator[str]:
    name, graph = _claim_iri(number), f"document-{document}"
    # A few things are in many claims and most in few, as with companies in a policy brief.
    subject, target = (thing_iri(int(things * chance.random() ** 2.5)) for _ in range(2))
    predicate = chance.choice(_PREDICATES)
    manner, degree = chance.choices(list(_MANNERS), list(_MANNERS.values()))[0]
    is_plain = manner == "salience"
    negated = chance.random() < 0.05
    values = [
        (RDF + "type", f"<{DK}Claim>"),
        (RDFS + "comment", f'"{_sentence(chance)}"@en'),
        (DK + manner, f"<{DK}{degree}>"),
        (DK + "subject", subject),
        (DK + "predicate", f"<{DK}{predicate}>"),
        (DK + "object", target),
        (DK + "statedIn", _passage_iri(number // 2)),
    ]
    if negated:
        values.append((DK + "negated", f'"true"^^<{_XSD}boolean>'))
    if not is_plain:
        values.append((DK + "cue", f'"{chance.choice(_WORDS)}"'))
    if chance.random() < 0.2:
        values.append((DK + "heldBy", thing_iri(int(things * chance.random() ** 4))))
    if chance.random() < 0.15 and number:
        values.append((DK + "supports", _claim_iri(chance.randrange(max(0, number - 50), number))))
    for term, value in values:
        yield line(name, term, value, graph)
    if is_plain and not negated:
        yield from _statement(line, number, subject, DK + predicate, target)


def _statement(line: _Line, number: int, subject: str, predicate: str, target: str) -> Iterator[str]:
    yield line(subject, predicate, target, "statements")
    name = f"_:axiom{number}"
    for term, value in (
        (RDF + "type", f"<{OWL}Axiom>"),
        (OWL + "annotatedSource", subject),
        (OWL + "annotatedProperty", f"<{predicate}>"),
        (OWL + "annotatedTarget", target),
        (DK + "evidence", _claim_iri(number)),
    ):
        yield line(name, term, value, "evidence")


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=9)).capitalize() + "."


def main() -> None:
    """Write data to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, default=93_000, help="about how many triples (default: 93000)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same data (default: 1)")
    parser.add_argument("--named-graphs", action="store_true", help="N-Quads instead of N-Triples")
    options = parser.parse_args()
    sys.stdout.writelines(iter_lines(options.size, seed=options.seed, named_graphs=options.named_graphs))


if __name__ == "__main__":
    main()
