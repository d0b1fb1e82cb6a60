"""A query for the engine and its answer, and the interface of a query service."""

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final, Protocol

from digitech_kg.errors import LimitExceeded, NotAcceptable
from digitech_kg.formats import Format, Kind, of_kind
from digitech_kg.namespaces import Namespaces

if TYPE_CHECKING:  # Workers and commands start sooner without these.
    from digitech_kg.book import Book
    from digitech_kg.snapshot.manifest import Manifest

_CHUNK = 256 * 1024
#: Results up to this size stay in memory.
_MOST_IN_MEMORY: Final = 512 * 1024
#: The version that queries of the current thread, or task, are answered from.
_VERSION: Final[ContextVar[str | None]] = ContextVar("version", default=None)


@dataclass(frozen=True)
class DatasetClause:
    """The RDF dataset that a request names (SPARQL 1.1 Protocol, section 2.1.4); IRIs, "" for the default graph."""

    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.default_graphs or self.named_graphs)


@dataclass(frozen=True)
class QueryRequest:
    """A query, its dataset, and the format for each form that it may turn out to have.

    Only the engine knows the form of a query for sure, so both formats travel with it; None means that the client
    accepts no format for that form.
    """

    text: str
    solutions_format: Format | None
    graph_format: Format | None
    dataset: DatasetClause = field(default_factory=DatasetClause)
    #: Prefixes that need no declaration, with their namespaces, sorted.
    prefixes: tuple[tuple[str, str], ...] = ()


@dataclass
class QueryAnswer(AbstractContextManager["QueryAnswer"]):
    """A whole result, in memory or in a file that has no name any more. `close` it, or use it in a `with`."""

    format: Format
    length: int
    source: bytes | IO[bytes]
    #: Name of the snapshot that answered.
    version: str
    #: Seconds in the worker.
    duration_s: float = 0.0

    def chunks(self) -> Iterator[bytes]:
        if isinstance(self.source, bytes):
            yield self.source
            return
        self.source.seek(0)
        while chunk := self.source.read(_CHUNK):
            yield chunk

    def read(self) -> bytes:
        return b"".join(self.chunks())

    def close(self) -> None:
        if not isinstance(self.source, bytes):
            self.source.close()

    def __exit__(self, *_: object) -> None:
        self.close()


def too_large(ceiling: int) -> LimitExceeded:
    hint = "Select fewer columns, add a LIMIT, or download the whole dataset."
    message = f"the result is larger than {ceiling:,} bytes"
    return LimitExceeded(message, limit="result_bytes", value=ceiling, unit="bytes", hint=hint)


def no_accepted_format(*, is_solutions: bool) -> NotAcceptable:
    """Return the error for a query whose result has none of the formats that the client accepts."""
    formats = of_kind(Kind.SOLUTIONS) if is_solutions else of_kind(Kind.GRAPH, Kind.DATASET)
    available = [fmt.media_type for fmt in formats]
    return NotAcceptable("this kind of query has no result in any of the accepted formats", available=available)


class BoundedWriter(io.RawIOBase):
    """Keeps the bytes of a result in memory while they are few, and then in a file; refuses more than `ceiling`.

    Each piece is given to `check`, which may raise.
    """

    def __init__(self, *, ceiling: int, check: Callable[[bytes], bytes] | None = None) -> None:
        self._ceiling, self._check = ceiling, check
        # A file without a name: nothing is left behind however the process ends.
        self._kept = tempfile.SpooledTemporaryFile(_MOST_IN_MEMORY, prefix="digitech-kg-")  # noqa: SIM115
        self._is_given = False
        self.length = 0
        self.overflowed = False

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take all of `data`. Raises `OSError` above the ceiling, which stops the engine's serializer."""
        if self._check:
            self._check(data)
        self.length += len(data)
        if self.length > self._ceiling:
            self.overflowed = True
            raise OSError("result is larger than the ceiling")
        return self._kept.write(data)

    def finish(self) -> bytes | IO[bytes]:
        """Return the result, or the file that it is in, to be closed by the caller."""
        self._kept.seek(0)
        self._is_given = self.length > _MOST_IN_MEMORY
        return self._kept if self._is_given else self._kept.read()

    def close(self) -> None:
        """Let go of the file, unless somebody else has it now."""
        if not self._is_given:
            self._kept.close()
        super().close()


@contextmanager
def as_of(version: str) -> Iterator[None]:
    """Answer all queries inside the block from one version."""
    token = _VERSION.set(version)
    try:
        yield
    finally:
        _VERSION.reset(token)


def wanted_version() -> str | None:
    """Return the version that is asked for, or None for the current one."""
    return _VERSION.get()


class ServedDataset(Protocol):
    """The state of the data that the next answer will be taken from."""

    @property
    def version(self) -> str:
        """Names the state: answers of one version may be kept for each other."""

    @property
    def names(self) -> Namespaces:
        """The base IRI, prefixes, graphs and languages of the dataset."""

    @property
    def manifest(self) -> "Manifest":
        """Figures about the state."""


class QueryService(Protocol):
    """Answers queries under limits. Thread-safe."""

    #: A query without a dataset clause sees the union of all graphs.
    union_default_graph: bool

    def __hash__(self) -> int:
        """Caches use it to tell services apart."""

    @property
    def names(self) -> Namespaces:
        """The base IRI, prefixes, graphs and languages of the dataset."""

    @property
    def snapshot(self) -> ServedDataset:
        """The state that the next query will be answered from."""

    def book(self) -> "Book":
        """Return the read model of that state, which pages read instead of sending queries."""

    def query(self, request: QueryRequest, *, timeout_s: float | None = None) -> QueryAnswer:
        """Check and run a query and return its whole result, or raise one of the errors of `digitech_kg.errors`."""

    def load(self) -> dict[str, int]:
        """Return how much there is to do, by name, for monitoring."""

    def known_quads(self) -> int | None:
        """Return the number of quads if it is known without asking anybody, for monitoring."""

    def close(self) -> None:
        """Close processes and connections."""
