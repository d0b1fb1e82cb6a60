"""Places as GeoJSON (RFC 7946): the coordinates that sources give for them, and none where no source gives any.

What a source says about how exact they are goes along: a company is often placed by its city only.
"""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from digitech_kg.exports.content import Content, Node
from digitech_kg.namespaces import DK, SKOS, value_of

#: Things of these classes, and of those below them, have a place on earth.
_CLASSES: Final = frozenset((DK.Place.value, DK.State.value))
_COORDINATES: Final = (DK.longitude, DK.latitude)


def geojson(content: Content) -> bytes:
    """Return a feature for each place, state or thing with coordinates; without any, its geometry is null."""
    told = _read(content)
    features = []
    for node in content.things:
        about = told.get(node.iri, _Told())
        if about.point() or _CLASSES & content.all_classes(node):
            features.append(_feature(content, node, about))
    document = {"type": "FeatureCollection", "features": features}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


class _Told:
    """What other sources say about where a thing is: coordinates and notes by source, and codes."""

    def __init__(self) -> None:
        self.coordinates: dict[tuple[str, NamedNode], set[float]] = defaultdict(set)
        self.notes: dict[str, set[str]] = defaultdict(set)
        self.codes: set[str] = set()

    def point(self) -> tuple[float, float, str] | None:
        """Return longitude, latitude and source, from the first source that gives one of each.

        Of several values nobody knows which belong together.
        """
        for source in sorted(self.notes):
            found = [list(self.coordinates[source, prop]) for prop in _COORDINATES]
            if all(len(values) == 1 for values in found):
                (longitude,), (latitude,) = found
                if abs(longitude) <= 180 and abs(latitude) <= 90:
                    return longitude, latitude, source
        return None


def _read(content: Content) -> dict[str, _Told]:
    found: dict[str, _Told] = defaultdict(_Told)
    for claim in content.claims:
        triple = claim.triple
        if triple is None or not claim.is_external or claim.is_negated or not isinstance(triple.object, Literal):
            continue
        told, source = found[value_of(triple.subject)], next(map(value_of, claim.all(DK.attestedBy)), "")
        number = content.shown(triple.object)
        if triple.predicate in _COORDINATES and isinstance(number, Decimal):
            told.coordinates[source, triple.predicate].add(float(number))
            told.notes[source] |= {value_of(note) for note in claim.all(SKOS.scopeNote)}
        elif triple.predicate == DK.isoCode:
            told.codes.add(triple.object.value)
    return found


def _feature(content: Content, node: Node, told: _Told) -> dict[str, Any]:
    point = told.point()
    properties: dict[str, Any] = {
        "name": content.name(node.iri),
        **{f"name:{language}": text for language, text in sorted(node.labels.items()) if language},
        "classes": sorted(content.name(cls.value) for cls in node.classes),
        "sameElsewhere": content.same_elsewhere.get(node.iri, []),
    }
    if told.codes:
        properties["isoCodes"] = sorted(told.codes)
    if point is not None:
        notes = told.notes[point[2]]
        properties |= {"coordinatesFrom": content.name(point[2])}
        properties |= {"coordinatesNote": " ".join(sorted(notes))} if notes else {}
    geometry = None if point is None else {"type": "Point", "coordinates": list(point[:2])}
    return {"type": "Feature", "id": node.iri, "geometry": geometry, "properties": properties}
