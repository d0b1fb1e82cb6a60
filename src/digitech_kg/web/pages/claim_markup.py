"""A claim in terms of schema.org, as its page embeds it for search engines."""

from __future__ import annotations

from typing import Any

from digitech_kg.web.reading.claim_views import ClaimView
from digitech_kg.web.reading.dataset import read_metadata
from digitech_kg.web.reading.labels import Name
from digitech_kg.web.reading.reader import GraphReader


def claim_markup(reader: GraphReader, claim: ClaimView, address: str, language: str) -> dict[str, Any]:
    """Return a `schema:Claim`: its words, who holds it, where it appears, and who encoded it.

    The sentence has every reserve in it, so nobody reads it as a bare fact.
    """
    metadata = read_metadata(reader)
    works = [claim.document] if claim.document else claim.sources
    holders = [reserve.value.name for reserve in claim.reserves if reserve.key == "heldBy" and reserve.value.name]
    markup: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Claim",
        "@id": claim.iri,
        "url": address,
        "text": claim.sentence,
        "inLanguage": claim.language or language,
        "about": _named("Thing", claim.subject),
        "appearance": [_named("CreativeWork", work) for work in works],
        "author": [_named("Thing", holder) for holder in holders],
        "claimInterpreter": {"@type": "Organization", "name": metadata.publisher or metadata.creator},
        "license": metadata.license,
    }
    return {key: value for key, value in markup.items() if value}


def _named(kind: str, name: Name) -> dict[str, str]:
    return {"@type": kind, "@id": name.iri, "name": name.text}
