"""Claims as blocks of Turtle to copy: those that use a term already, or one to fill in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pyoxigraph import Quad, Triple

from digitech_kg.claims import measure_coverage
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.reserves import AXES
from digitech_kg.namespaces import RDF, VOCABULARIES, Namespaces
from digitech_kg.parts.authoring.terms import Term
from digitech_kg.sources.layout import rewrite_turtle

#: What stands where something is to be filled in.
OPEN: Final = "…"


def write_claim(
    claim: str,
    passage: str,
    *,
    subject: str = f"id:{OPEN}",
    predicate: str = f"dk:{OPEN}",
    value: str = f"id:{OPEN}",
    is_literal: bool = False,
    more: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the block of a claim; all values are written as they stand in Turtle."""
    rows = [
        ("a", "dk:Claim"),
        ("dk:subject", subject),
        ("dk:predicate", predicate),
        ("dk:value" if is_literal else "dk:object", value),
        *more,
        ("dk:statedIn", passage),
    ]
    return "\n".join([claim, *(f"    {prop} {term} ;" for prop, term in rows), "."])


def write_thing(of_class: str, language: str) -> str:
    """Return the block of a thing of a class."""
    return f'id:{OPEN}\n    a {of_class} ;\n    rdfs:label "{OPEN}"@{language} ;\n.'


#: How the names of a table's heads end.
_OF_HEADS: Final = ".r0"


def write_skeletons(
    quads: Iterable[Quad], document: str, names: Namespaces, wanted: Sequence[str] = ()
) -> Iterator[str]:
    """Yield a file with a claim to fill in for each passage that nothing cites, or for each that is named in `wanted`.

    The heads of a table only name its columns, and get none. All blocks are comments, so that the file can be read from
    the start.
    """
    of_document = (found.uncovered for found in measure_coverage(quads, names) if found.document == document)
    uncited = (passage for passage in next(of_document, ()) if not passage.endswith(_OF_HEADS))
    passages = tuple(names.passage(document, name).value for name in wanted) or tuple(uncited)
    claims = names.claim(document, "")
    spaces = {prefix: names.prefixes[prefix] for prefix in ("dk", "id")}
    spaces |= {names.shorten(node.value)[:-1]: node.value for node in (claims, names.passage(document, ""))}
    yield "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(spaces.items()))
    yield "# Take the # away from the blocks that you have filled in. Name each claim by what it says.\n"
    for passage in passages:
        place = passage.rpartition("/")[2].replace(".", "-")
        block = write_claim(names.shorten(f"{claims.value}{place}"), names.shorten(passage))
        yield "".join(f"# {line}\n" for line in block.split("\n"))


#: The property of each value of a reserve.
_PROPERTIES: Final = {value: axis.property for axis in AXES for value in axis.values}


class Examples:
    """Finds claims that use a term."""

    def __init__(self, quads: Iterable[Quad], names: Namespaces, documents: Sequence[str]) -> None:
        quads = list(quads)
        self._names = names
        self._documents = documents
        self._claims = [claim for claim in read_claims(quads) if claim.is_complete and not claim.is_external]
        self._types: dict[object, set[object]] = {}
        for quad in quads:
            if quad.predicate == RDF.type:
                self._types.setdefault(quad.subject, set()).add(quad.object)

    def of(self, term: Term, limit: int = 1) -> list[str]:
        """Return claims that use a term as Turtle, plain and short ones first; a block to fill in if there is none."""
        found = [claim for claim in self._claims if self._uses(claim, term)]
        found.sort(key=lambda claim: (not claim.is_plain, sum(map(len, claim.values.values())), claim.iri.value))
        return [self._block(claim) for claim in found[:limit]] or [self._skeleton(term)]

    def _uses(self, claim: Claim, term: Term) -> bool:
        if term.kind == "predicate":
            return bool(claim.predicate == term.iri)
        if term.kind == "thing":
            return term.iri in (claim.subject, claim.object)
        if term.kind == "class":
            return term.iri in self._types.get(claim.subject, ())
        return bool(claim.all(term.iri)) or term.iri in claim.all(_PROPERTIES.get(term.iri, term.iri))

    def _block(self, claim: Claim) -> str:
        triples = [Triple(claim.iri, prop, value) for prop, values in claim.values.items() for value in values]
        text = rewrite_turtle("", "example", triples, self._names)
        return text.partition("\n\n")[2].strip()

    def _skeleton(self, term: Term) -> str:
        if term.kind == "class":
            return write_thing(self._names.shorten(term.iri.value), self._names.languages[0])
        document = self._documents[0] if self._documents else "document"
        claim, passage = self._names.claim(document, "name-it"), self._names.passage(document, "p01.s01")
        name = self._names.shorten(term.iri.value)
        filled: dict[str, Any] = {"subject": name} if term.kind == "thing" else {}
        if term.kind == "predicate":
            is_literal = any(iri.startswith(VOCABULARIES["xsd"]) for iri in term.range)
            filled = {"predicate": name, "is_literal": is_literal} | ({"value": f'"{OPEN}"'} if is_literal else {})
        elif term.kind == "reserve":
            axis = self._names.shorten(_PROPERTIES.get(term.iri, term.iri).value)
            filled = {"more": [(axis, name if term.iri in _PROPERTIES else OPEN)]}
        return write_claim(self._names.shorten(claim.value), self._names.shorten(passage.value), **filled)
