"""Passages and the claims made from them as Web Annotations.

Source: Web Annotation Data Model, https://www.w3.org/TR/annotation-model/
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from digitech_kg.claims.model import Claim
from digitech_kg.exports.content import Content, Node
from digitech_kg.namespaces import DCTERMS, DK, value_of

_CONTEXT = "http://www.w3.org/ns/anno.jsonld"


def annotation_page(content: Content) -> bytes:
    """Return an annotation page in JSON-LD: an annotation of each passage from which a claim is made.

    The target is the document with the offsets of the passage; the bodies are the claims, in words and by their IRIs.
    """
    claims: dict[str, list[Claim]] = defaultdict(list)
    for claim in content.claims:
        for passage in claim.passages:
            claims[value_of(passage)].append(claim)
    documents = {node.iri: node for node in content.things}
    items = [_annotation(content, p, claims[p.iri], documents) for p in content.passages if p.iri in claims]
    page = {"@context": _CONTEXT, "id": f"{content.names.base}annotations", "type": "AnnotationPage", "items": items}
    return json.dumps(page, ensure_ascii=False, indent=1).encode()


def _annotation(content: Content, passage: Node, claims: list[Claim], documents: dict[str, Node]) -> dict[str, Any]:
    document = content.names.thing(content.names.document_of(passage.iri) or "").value
    source: dict[str, Any] = {"id": document, "type": "Text"}
    if document in documents:
        work = documents[document]
        source |= {key: text for key, text in (("dc:title", work.text(DCTERMS.title)),) if text}
    return {
        "id": f"{passage.iri}#annotation",
        "type": "Annotation",
        "motivation": "identifying",
        "body": [body for claim in claims for body in _bodies(content, claim)],
        "target": {"id": passage.iri, "type": "SpecificResource", "source": source, **_selector(passage)},
    }


def _bodies(content: Content, claim: Claim) -> list[dict[str, Any]]:
    sentences = content.sentences.get(claim.iri.value, {})
    words = [
        {"type": "TextualBody", "value": text, "format": "text/plain", "language": language, "purpose": "describing"}
        for language, text in sorted(sentences.items())
    ]
    return [{"type": "SpecificResource", "source": claim.iri.value, "purpose": "identifying"}, *words]


def _selector(passage: Node) -> dict[str, Any]:
    start, end = passage.text(DK.startOffset), passage.text(DK.endOffset)
    if not (start and end):
        return {}
    return {"selector": {"type": "TextPositionSelector", "start": int(start), "end": int(end)}}
