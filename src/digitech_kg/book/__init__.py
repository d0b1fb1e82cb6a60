"""The read model of a version, in one SQLite file. Pages, reports, exports and reconciliation read it."""

from digitech_kg.book.claim_reader import ClaimEntry, ClaimFilter, ClaimGroup, ClaimPair
from digitech_kg.book.issues import IssueEntry, PositionEntry, TopicEntry
from digitech_kg.book.passages import PassageEntry
from digitech_kg.book.schema import BOOK_FILE, NAMES, QUERIES, Term, order_of
from digitech_kg.book.searching import ASKED, WROTE, Hit, Sought
from digitech_kg.book.tables import BookFact, Description
from digitech_kg.book.writing import Book, book_quads, open_book, update_book, write_book
