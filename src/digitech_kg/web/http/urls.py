"""The one place that turns IRIs of ours into paths of this server and back."""

from __future__ import annotations

from typing import Final

from digitech_kg.namespaces import BASE

#: Characters that stand unescaped in a path (RFC 3986, section 3.3), beside letters and digits.
PATH: Final = "/:@!$&'()*+,;=~"


def iri_of_path(path: str) -> str:
    """Give the IRI for which this server answers at a path.

    >>> iri_of_path("/id/huawei")
    'https://w3id.org/digitech-kg/id/huawei'
    """
    return BASE + path.lstrip("/")


def path_of_iri(iri: str) -> str | None:
    """Give the path at which this server answers for an IRI; None if the IRI is not ours."""
    return "/" + iri.removeprefix(BASE) if iri.startswith(BASE) else None
