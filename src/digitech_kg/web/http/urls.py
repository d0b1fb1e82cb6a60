"""Turn IRIs of the project into paths of this server and back."""

from __future__ import annotations

from typing import Final

from digitech_kg.namespaces import Namespaces

#: Characters that stand unescaped in a path (RFC 3986, section 3.3), beside letters and digits.
PATH: Final = "/:@!$&'()*+,;=~"


def iri_of_path(path: str, names: Namespaces) -> str:
    """Return the IRI for which this server answers at a path.

    >>> iri_of_path("/id/acme", Namespaces("https://example.org/kg/"))
    'https://example.org/kg/id/acme'
    """
    return names.base + path.lstrip("/")


def path_of_iri(iri: str, names: Namespaces) -> str | None:
    """Return the path at which this server answers for an IRI; None if the IRI is not ours."""
    return "/" + iri.removeprefix(names.base) if iri.startswith(names.base) else None
