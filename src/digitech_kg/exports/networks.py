"""Things and the claims between them as a network: the one module that knows networkx.

Each claim that relates two things is an edge of its own, with how it is put. What is denied or put with a reserve says
so in the edge's label too, so that a drawing does not show it as a fact.
Sources: http://graphml.graphdrawing.org/, https://gexf.net/
"""

from __future__ import annotations

import io
from typing import Any

from pyoxigraph import NamedNode

from digitech_kg.errors import CallError
from digitech_kg.exports.content import Content, Node
from digitech_kg.namespaces import DK, RDF
from digitech_kg.snapshot import Manifest


def graphml(content: Content) -> bytes:
    """Give the network in GraphML. Raises `CallError` if networkx is not installed."""
    library = _networkx()
    out = io.BytesIO()
    library.write_graphml_xml(_network(content, library), out, named_key_ids=True)
    return out.getvalue()


def gexf(content: Content, manifest: Manifest) -> bytes:
    """Give the network in GEXF 1.2, dated as its snapshot. Raises `CallError` if networkx is not installed."""
    library = _networkx()
    text = "\n".join(library.generate_gexf(_network(content, library), version="1.2draft"))
    # The library dates the file with the day on which it is written.
    before, mark, after = text.partition('lastmodifieddate="')
    return (before + mark + manifest.created[:10] + after[after.index('"') :]).encode() if mark else text.encode()


def _networkx() -> Any:
    try:
        import networkx
    except ImportError:
        raise CallError("networkx is not installed", hint="pip install 'digitech-kg[graphs]'") from None
    return networkx


def _network(content: Content, library: Any) -> Any:
    network = library.MultiDiGraph()
    known = {node.iri: node for node in content.things}
    plain = {claim for statement in content.statements for claim in statement.claims}
    related = set()
    for claim in content.claims:
        subject, target = claim.text(DK.subject), claim.text(DK.object)
        if not subject or not target:
            continue
        related |= {subject, target}
        network.add_edge(subject, target, key=claim.iri, **_edge(content, claim, claim.iri in plain))
    for iri in sorted(related | known.keys()):
        network.add_node(iri, **_node(content, iri, known.get(iri)))
    ordered = library.MultiDiGraph()
    ordered.add_nodes_from(sorted(network.nodes(data=True)))
    ordered.add_edges_from(sorted(network.edges(keys=True, data=True), key=lambda edge: edge[2]))
    return ordered


def _node(content: Content, iri: str, node: Node | None) -> dict[str, str]:
    """Attributes of a node; a value that is not there is left out, since GraphML knows no empty ones."""
    found = {"label": content.name(iri)}
    if node is not None:
        found["class"] = " | ".join(sorted(content.name(value.value) for value in node.all(RDF.type)))
        found |= {f"label_{language}": text for language, text in node.labels.items() if language not in ("", "en")}
    return found


def _edge(content: Content, claim: Node, is_plain: bool) -> dict[str, str | bool]:
    predicate = content.name(claim.text(DK.predicate))
    denied = claim.text(DK.negated) == "true"
    external = DK.ExternalClaim in claim.all(RDF.type)
    texts = {
        "certainty": DK.certainty,
        "held_by": DK.heldBy,
        "quantifier": DK.quantifier,
        "limited_to": DK.limitedTo,
        "time": DK.time,
        "source": DK.attestedBy,
    }
    found = {name: _shown(content, claim, prop) for name, prop in texts.items()}
    reserves = [found[name] for name in ("quantifier", "limited_to", "held_by", "source") if found[name]]
    certainty = found["certainty"] if claim.text(DK.certainty) != DK.asserted.value else ""
    marks = [*(["denied"] if denied else []), *([certainty] if certainty else []), *reserves]
    return {
        "label": f"{predicate} ({'; '.join(marks)})" if marks else predicate,
        "predicate": claim.text(DK.predicate),
        "claim": claim.iri,
        "denied": denied,
        "external": external,
        "is_plain_statement": is_plain,
        **{name: text for name, text in found.items() if text},
    }


def _shown(content: Content, claim: Node, prop: NamedNode) -> str:
    return " | ".join(str(content.shown(value)) for value in claim.all(prop))
