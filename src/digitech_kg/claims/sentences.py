"""Each claim as a sentence, in each language that has words for it.

A sentence that somebody has written by hand (`rdfs:comment`) wins over the composed one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode

from digitech_kg.claims.clauses import SentencePatterns
from digitech_kg.claims.labels import Labels
from digitech_kg.claims.languages import find_language
from digitech_kg.claims.model import Claim
from digitech_kg.claims.writer import Writer
from digitech_kg.namespaces import RDFS


def write_sentences(
    claims: Iterable[Claim], tags: Iterable[str], patterns: SentencePatterns, labels: Labels
) -> Iterator[tuple[NamedNode, Literal]]:
    """Yield the sentence of each claim in each language, claims and languages in the order given.

    The claims have to be all those that may be named as condition or reason.
    """
    claims = list(claims)
    by_iri = {claim.iri: claim for claim in claims}
    writers = [(tag, Writer(found, patterns, labels, by_iri)) for tag in tags if (found := find_language(tag))]
    for claim in claims:
        for tag, writer in writers:
            text = written_by_hand(claim, tag) or writer.write(claim)
            if text:
                yield claim.iri, Literal(text, language=tag)


def written_by_hand(claim: Claim, tag: str) -> str | None:
    """Return the claim's own comment in a language."""
    texts = (value for value in claim.all(RDFS.comment) if isinstance(value, Literal))
    return min((text.value for text in texts if (text.language or "") == tag.lower()), default=None)
