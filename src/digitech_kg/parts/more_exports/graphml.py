"""Things and the claims between them as a network: the one module that knows networkx.

Each claim that relates two things is an edge of its own, with how it is put. What is denied or put with a reserve says
so in the edge's label too, so that a drawing does not show it as a fact.
Source: http://graphml.graphdrawing.org/
"""

from __future__ import annotations

import io
from typing import Any

from pyoxigraph import NamedNode

from digitech_kg.claims.model import Claim
from digitech_kg.claims.reserves import AXES
from digitech_kg.errors import CallError
from digitech_kg.exports.content import Content, Node
from digitech_kg.exports.dataset_tables import column_name, in_language, texts
from digitech_kg.namespaces import DK, value_of


def graphml(content: Content) -> bytes:
    """Return the network in GraphML. Raises `CallError` if networkx is not installed."""
    library = _networkx()
    out = io.BytesIO()
    library.write_graphml_xml(_network(content, library), out, named_key_ids=True)
    return out.getvalue()


def _networkx() -> Any:
    try:
        import networkx
    except ImportError:
        raise CallError("networkx is not installed", hint="pip install 'digitech-kg[graphs]'") from None
    return networkx


def _network(content: Content, library: Any) -> Any:
    edges = []
    for claim in content.claims:
        if isinstance(claim.subject, NamedNode) and isinstance(claim.object, NamedNode):
            edges.append((claim.subject.value, claim.object.value, claim.iri.value, _edge(content, claim)))
    known = {node.iri: node for node in content.things}
    nodes = {*known, *(iri for subject, target, _, _ in edges for iri in (subject, target))}
    network = library.MultiDiGraph()
    network.add_nodes_from((iri, _node(content, iri, known.get(iri))) for iri in sorted(nodes))
    network.add_edges_from(edges)
    return network


def _node(content: Content, iri: str, node: Node | None) -> dict[str, str]:
    """Return the attributes of a node; missing values are left out, since GraphML has no empty ones."""
    found = {"label": content.name(iri)}
    if node is not None:
        found["class"] = " | ".join(sorted(content.name(cls.value) for cls in node.classes))
        found |= {in_language("label", lang): text for lang, text in node.labels.items() if lang not in ("", "en")}
    return found


def _edge(content: Content, claim: Claim) -> dict[str, str | bool]:
    predicate = value_of(claim.predicate) if claim.predicate is not None else ""
    reserves = [str(content.shown(reserve.value)) for reserve in claim.weakening]
    source = texts(content, claim.all(DK.attestedBy)) or ""
    marks = [*(["denied"] if claim.is_negated else []), *reserves, *([source] if source else [])]
    label = content.name(predicate) if predicate else ""
    found = {column_name(axis.property, content.names): texts(content, claim.all(axis.property)) for axis in AXES}
    found["source"] = source
    found["document"] = None if claim.is_external else content.names.document_of(claim.iri.value)
    return {
        "label": f"{label} ({'; '.join(marks)})" if marks else label,
        "predicate": predicate,
        "claim": claim.iri.value,
        "denied": claim.is_negated,
        "external": claim.is_external,
        "is_plain_statement": claim.is_plain and not claim.is_negated,
        **{name: text for name, text in found.items() if text},
    }
