"""Which endpoints queries may call with `SERVICE`, and the way to them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from digitech_kg.errors import CallError, EngineFailure, EngineStopped, RemoteFailure
from digitech_kg.parts.federation.gateway import Gateway
from digitech_kg.settings import Settings

#: Public endpoints that `--service-allow` knows by name.
WELL_KNOWN: dict[str, str] = {
    "dbpedia": "https://dbpedia.org/sparql",
    "eu-publications": "https://publications.europa.eu/webapi/rdf/sparql",
    "wikidata": "https://query.wikidata.org/sparql",
}


class Endpoints:
    """The endpoints that the operator allows. Thread-safe; `close` it at the end."""

    def __init__(self, allowed: frozenset[str], *, max_bytes: int) -> None:
        self.allowed = allowed
        self._max_bytes = max_bytes
        self._gateway: Gateway | None = None
        self._lock = threading.Lock()

    @contextmanager
    def reach(self, endpoints: Iterable[str], timeout_s: float) -> Iterator[Mapping[str, str]]:
        """Yield the address where the engine reaches each endpoint, until the end of the block.

        An `EngineFailure` of the block becomes a `RemoteFailure` that says which endpoint failed.
        """
        with self._lock:
            self._gateway = self._gateway or Gateway(max_bytes=self._max_bytes)
        gateway, failure = self._gateway, None
        paths = {endpoint: gateway.open_path(endpoint, timeout_s) for endpoint in set(endpoints)}
        try:
            yield {endpoint: address for endpoint, (_, address) in paths.items()}
        except EngineStopped:
            raise
        except EngineFailure as error:
            failure = error
        finally:
            reasons = [reason for key, _ in paths.values() if (reason := gateway.close_path(key))]
        if failure is not None:
            hint = "Ask again later. Until then write SERVICE SILENT, or run the part without SERVICE alone."
            said = "; ".join(reasons) or failure
            raise RemoteFailure(f"an endpoint that the query calls failed: {said}", hint=hint)

    def close(self) -> None:
        """Stop the gateway."""
        if self._gateway is not None:
            self._gateway.close()


def open_federation(settings: Settings) -> Endpoints | None:
    """Return the endpoints that settings allow; None if they allow none. Raises what `resolve_allowed` raises."""
    allowed = resolve_allowed(settings.service_allow)
    return Endpoints(allowed, max_bytes=settings.limits().result_bytes) if allowed else None


def resolve_allowed(names: Iterable[str]) -> frozenset[str]:
    """Return the endpoints for a list of IRIs and well-known names. Raises `CallError` for anything else."""
    allowed = set()
    for name in names:
        iri = WELL_KNOWN.get(name, name)
        if not iri.startswith(("http://", "https://")):
            known = ", ".join(sorted(WELL_KNOWN))
            raise CallError(
                f"'{name}' is not an endpoint",
                hint=f"Give an http(s) IRI or one of: {known}.",
            )
        allowed.add(iri)
    return frozenset(allowed)
