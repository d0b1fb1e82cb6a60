"""Small documents for tests, written as statements with reserves."""

import re
from collections.abc import Mapping

from pyoxigraph import Quad, RdfFormat, parse

from digitech_kg.comparison.documents import Comparison, compare_documents, comparison_quads
from digitech_kg.namespaces import TERMS, Namespaces

NAMES = Namespaces("https://example.org/kg/", required_languages=("en",), optional_languages=("nb",))
HEADER = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in NAMES.prefixes.items())

ONTOLOGY = """
id:cares-for rdfs:subPropertyOf id:knows .
id:is-known-by owl:inverseOf id:knows .
id:is-rival-of a owl:SymmetricProperty .
id:is-ally-of owl:propertyDisjointWith id:is-rival-of .
id:precedes a owl:AsymmetricProperty .
id:has-status a owl:FunctionalProperty .
id:is-seated-in dk:isExclusive true .
id:founded-on a owl:FunctionalProperty .
id:has-head-count a owl:FunctionalProperty .
id:planned a id:Planned ; rdfs:label "planned"@en , "planlagt"@nb .
id:done a id:Done ; rdfs:label "done"@en , "ferdig"@nb .
id:oslo dk:isLocatedIn id:norway ; rdfs:label "Oslo"@en .
id:norway rdfs:label "Norway"@en , "Norge"@nb .
id:sweden rdfs:label "Sweden"@en , "Sverige"@nb .
id:acme rdfs:label "Acme"@en .
id:analysts rdfs:label "analysts"@en , "analytikere"@nb .
id:critics rdfs:label "critics"@en , "kritikere"@nb .
id:peace rdfs:label "peace"@en , "fred"@nb .
id:war rdfs:label "war"@en , "krig"@nb .
"""
#: A word that stands alone.
_WORD = re.compile(r"(?<!\S)(?!(?:true|false)(?!\S))([a-zA-Z]+)(?!\S)")


def quads_of(turtle: str, graph: str) -> list[Quad]:
    """Return what a piece of Turtle says as quads of a graph; its blank nodes are its own."""
    return [Quad(*quad.triple, NAMES.graphs[graph]) for quad in parse(HEADER + turtle, RdfFormat.TURTLE)]


def write_claim(document: str, name: str, text: str) -> str:
    """Return a claim in Turtle for `[not] subject predicate object[; more]`.

    Values of the ontology of claims can do without `dk:`, and its properties too: `; certainty probable`.
    """
    statement, _, more = text.partition(";")
    negated = statement.startswith("not ")
    subject, predicate, value = statement.removeprefix("not ").strip().split(" ", 2)
    kind = "value" if value.strip()[0] in '"0123456789' else "object"
    lines = [f"a dk:Claim ; dk:subject {subject} ; dk:predicate {predicate} ; dk:{kind} {value.strip()}"]
    lines += ["dk:negated true"] * negated
    lines += [_WORD.sub(r"dk:\1", part) for part in more.split(";") if part.strip()]
    lines.append(f"dk:statedIn <{NAMES.base}passage/{document}/{name}>")
    return f"<{NAMES.base}claim/{document}/{name}> " + " ; ".join(lines) + " .\n"


def document_quads(name: str, *claims: str, issued: str = "", more: str = "") -> list[Quad]:
    """Return the quads of a document with claims c1, c2, …"""
    date = f'id:{name} dcterms:issued "{issued}" .\n' if issued else ""
    written = "".join(write_claim(name, f"c{number}", text) for number, text in enumerate(claims, 1))
    return quads_of(date + more + written, name)


def compare(
    one: str | list[str], other: str | list[str], *, dates: tuple[str, str] = ("", ""), more: str = ""
) -> list[Comparison]:
    """Compare a document `one` with a document `other`, each with a claim or several."""
    claims: Mapping[str, list[str]] = {
        name: [text] if isinstance(text, str) else text for name, text in (("one", one), ("other", other))
    }
    documents = {
        name: document_quads(name, *texts, issued=date)
        for (name, texts), date in zip(claims.items(), dates, strict=True)
    }
    return compare_documents(documents, quads_of(ONTOLOGY + more, "ontology"), NAMES)


def kind(comparisons: list[Comparison]) -> str:
    """Return the kind of the only comparison by its local name; "" if there is none."""
    assert len(comparisons) < 2
    return comparisons[0].kind.value.removeprefix(TERMS) if comparisons else ""


def reason(comparisons: list[Comparison], language: str = "en") -> str:
    """Return why, of the only comparison."""
    assert len(comparisons) == 1
    return comparisons[0].reasons[language]


def written(comparisons: list[Comparison]) -> set[Quad]:
    """Return the graph of comparisons."""
    return set(comparison_quads(comparisons, NAMES))
