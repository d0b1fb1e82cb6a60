"""A book of a dataset that another program holds, read through queries and renewed in the background."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from digitech_kg.book import FILE_NAME, Book, write_book
from digitech_kg.errors import DigitechError
from digitech_kg.namespaces import Namespaces

#: After so many versions the dataset is read again even if its figures are the same: not every change shows in them.
_MOST_TRUSTED: Final = 10


@dataclass(frozen=True, slots=True)
class Source:
    """How to read the dataset: figures that nearly always change with it, and the quads that a book holds."""

    figures: Callable[[], object]
    quads: Callable[[], Iterable[Quad]]


@dataclass(frozen=True, slots=True)
class _Edition:
    book: Book
    version: str
    writes: int
    figures: object
    #: For how many versions the figures were the same.
    trusted: int = 0


class RenewedBook:
    """The newest book of a dataset elsewhere. Thread-safe."""

    def __init__(self, source: Source, names: Namespaces) -> None:
        self._source, self._names = source, names
        self._edition: _Edition | None = None
        self._renewing = threading.Lock()

    def get(self, version: str, writes: int) -> Book:
        """Return the book. Its first time and after a write it is read while the caller waits.

        When only the version is another, the old book is returned and renewed in the background. Raises what the
        functions of `Source` raise, if there is no book.
        """
        edition = self._edition
        if edition is None or edition.writes != writes:
            with self._renewing:
                edition = self._edition
                if edition is None or edition.writes != writes:
                    edition = self._edition = self._read(version, writes, None)
        elif edition.version != version and self._renewing.acquire(blocking=False):
            threading.Thread(target=self._renew, args=(version, writes), daemon=True).start()
        return edition.book

    def _renew(self, version: str, writes: int) -> None:
        try:
            self._edition = self._read(version, writes, self._edition)
        except DigitechError:
            # The store can't be reached: its old book stays, and the next version tries again.
            pass
        finally:
            self._renewing.release()

    def _read(self, version: str, writes: int, before: _Edition | None) -> _Edition:
        figures = self._source.figures()
        if before is not None and before.figures == figures and before.trusted < _MOST_TRUSTED:
            return _Edition(before.book, version, writes, figures, before.trusted + 1)
        folder = Path(tempfile.mkdtemp(prefix="digitech-kg-book-"))
        write_book(folder / FILE_NAME, self._source.quads(), self._names)
        book = Book(folder / FILE_NAME, self._names)
        weakref.finalize(book, shutil.rmtree, folder, ignore_errors=True)
        return _Edition(book, version, writes, figures)
