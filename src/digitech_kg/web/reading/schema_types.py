"""The classes of schema.org that classes of the ontology are aligned with, for search engines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from pyoxigraph import NamedNode

from digitech_kg.exports import read_alignments
from digitech_kg.namespaces import OWL, RDFS, SKOS, VOCABULARIES, value_of
from digitech_kg.sources import find_project
from digitech_kg.web.reading.reader import GraphReader

#: How a class leads to one that is wider or the same.
_ALIGNED: Final = (RDFS.subClassOf, OWL.equivalentClass, SKOS.exactMatch, SKOS.closeMatch)
_HIERARCHY: Final = """
CONSTRUCT { ?class ?property ?other }
WHERE {
  VALUES ?property { $properties }
  GRAPH graph:ontology { ?class ?property ?other }
  FILTER(ISIRI(?class) && ISIRI(?other))
}
"""


def schema_type(reader: GraphReader, kinds: Iterable[str]) -> str | None:
    """Return the name of the class of schema.org that is nearest to the classes of a thing; None if there is none."""
    links, namespace = _links(reader, reader.version), VOCABULARIES["schema"]
    waiting, seen = sorted(kinds), set[str]()
    while waiting:
        kind = waiting.pop(0)
        if kind.startswith(namespace):
            return kind.removeprefix(namespace)
        if kind not in seen:
            seen.add(kind)
            waiting += sorted(links[kind]) if kind in links else []
    return None


@lru_cache(maxsize=4)
def _links(reader: GraphReader, _version: str) -> dict[str, set[str]]:
    """Return what each class is aligned with, by the ontology that is served and by the packaged alignments."""
    links: dict[str, set[str]] = defaultdict(set)
    triples = reader.triples(_HIERARCHY, properties=" ".join(map(str, _ALIGNED)))
    for triple in (*triples, *read_alignments(find_project().alignment_files())):
        ends = (triple.subject, triple.object)
        if triple.predicate in _ALIGNED and all(isinstance(end, NamedNode) for end in ends):
            links[value_of(triple.subject)].add(value_of(triple.object))
    return dict(links)
