"""Places as GeoJSON (RFC 7946): the coordinates that sources give for them, and none where no source gives any.

What a source says about how exact they are goes along: a company is often placed by its city only.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pyoxigraph import NamedNode

from digitech_kg.exports.content import Content, Node
from digitech_kg.namespaces import DK, RDF, SKOS

#: Things of these classes, and of those below them, have a place on earth.
_CLASSES = (DK.Place, DK.State)


def geojson(content: Content) -> bytes:
    """Give a feature for each place, state or thing with coordinates; without any, its geometry is null."""
    points, told = _points(content)
    features = []
    for node in content.things:
        classes = {iri for value in node.all(RDF.type) for iri in content.classes_above.get(value.value, {value.value})}
        if node.iri in points or any(cls.value in classes for cls in _CLASSES):
            features.append(_feature(content, node, points.get(node.iri), told[node.iri]))
    return (
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n"
    ).encode()


def _points(content: Content) -> tuple[dict[str, tuple[float, float, str]], dict[str, dict[str, list[str]]]]:
    """Give longitude, latitude and source of things of which one source gives both, and what else is told of each."""
    found: dict[tuple[str, str], dict[NamedNode, set[float]]] = defaultdict(lambda: defaultdict(set))
    told: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for claim in content.claims:
        subject, source = claim.text(DK.subject), claim.text(DK.attestedBy)
        predicate, values = next(iter(claim.all(DK.predicate)), None), claim.all(DK.value)
        if DK.ExternalClaim not in claim.all(RDF.type):
            continue
        if isinstance(predicate, NamedNode) and predicate in (DK.latitude, DK.longitude):
            for value in values:
                number = content.shown(value)
                if isinstance(number, Decimal):
                    found[subject, source][predicate].add(float(number))
        elif predicate == DK.isoCode:
            told[subject]["isoCodes"] += [value.value for value in values]
    points: dict[str, tuple[float, float, str]] = {}
    for (thing, source), pair in sorted(found.items()):
        # Of several values nobody can tell which belong together.
        if thing not in points and len(pair[DK.latitude]) == len(pair[DK.longitude]) == 1:
            (latitude,), (longitude,) = pair[DK.latitude], pair[DK.longitude]
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                points[thing] = (longitude, latitude, source)
    return points, told


def _note(claim: Node, source: str) -> Iterator[str]:
    if claim.text(DK.attestedBy) == source and claim.text(DK.predicate) in (DK.latitude.value, DK.longitude.value):
        yield from (value.value for value in claim.all(SKOS.scopeNote))


def _feature(
    content: Content, node: Node, point: tuple[float, float, str] | None, told: dict[str, list[str]]
) -> dict[str, Any]:
    of_node = [claim for claim in content.claims if claim.text(DK.subject) == node.iri]
    properties: dict[str, Any] = {
        "name": content.name(node.iri),
        **{f"name:{language}": text for language, text in sorted(node.labels.items()) if language},
        "classes": sorted(content.name(value.value) for value in node.all(RDF.type)),
        "sameElsewhere": content.same_elsewhere.get(node.iri, []),
        **{name: sorted(values) for name, values in told.items()},
    }
    if point is not None:
        properties |= {"coordinatesFrom": content.name(point[2])}
        notes = {note for claim in of_node for note in _note(claim, point[2])}
        properties |= {"coordinatesNote": " ".join(sorted(notes))} if notes else {}
    geometry = None if point is None else {"type": "Point", "coordinates": [point[0], point[1]]}
    return {"type": "Feature", "id": node.iri, "geometry": geometry, "properties": properties}
