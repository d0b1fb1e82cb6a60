"""Parse a query into a syntax tree, search the tree, and find where the text stops being SPARQL."""

import re
import warnings
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from typing import Final

import tree_sitter_sparql
from tree_sitter import Language, Node, Parser, Query, QueryCursor

#: All that rules look for, in one walk by the parser's own code.
_FOUND: Final = Path(__file__).with_name("found.scm").read_text(encoding="utf-8")
#: The grammar knows these functions only by their usual spelling.
_SPELLINGS: Final = {
    name.lower().encode(): name.encode() for name in ("isIRI", "isURI", "isBLANK", "isLITERAL", "isNUMERIC", "sameTerm")
}
_MISREAD: Final = re.compile(rb"\b(?:" + b"|".join(_SPELLINGS) + rb")(?=\s*\()", re.IGNORECASE)
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
#: It ends a comment for the engine, and not for this parser.
_LONE_RETURN: Final = re.compile(r"\r(?!\n)")
#: Segments that a base IRI would make the engine leave out.
DOTS: Final = re.compile(r"/\.{1,2}(?:/|$)")
RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@cache
def _parser() -> tuple[Parser, Query]:
    with warnings.catch_warnings():
        # The grammar hands out its address as a number, which the parser won't accept forever.
        warnings.simplefilter("ignore", DeprecationWarning)
        language = Language(tree_sitter_sparql.language())
    return Parser(language), Query(language, _FOUND)


def parse(source: bytes) -> Node:
    """Return the root of a text's tree; parts that aren't SPARQL 1.1 are error nodes in it."""
    return _parser()[0].parse(_MISREAD.sub(lambda name: _SPELLINGS[name[0].lower()], source)).root_node


@dataclass(frozen=True)
class Syntax:
    """A query's bytes, the root of its tree, and the nodes that rules look for, in the order of the text."""

    source: bytes
    root: Node
    found: dict[str, list[Node]]
    #: Prefixes that need no declaration.
    given: tuple[tuple[str, str], ...] = ()

    def text(self, node: Node) -> str:
        return self.source[node.start_byte : node.end_byte].decode()

    def nodes(self, kind: str) -> list[Node]:
        """Return the nodes of a kind that `found.scm` names."""
        return self.found.get(kind, [])

    @cached_property
    def _variables(self) -> tuple[list[int], list[str]]:
        nodes = self.nodes("variable")
        return [node.start_byte for node in nodes], [self.text(node)[1:] for node in nodes]

    def variables(self, node: Node, but: Node | None = None) -> set[str]:
        """Return the names of the variables within a node, but for those within another one."""
        starts, names = self._variables
        edges = [node.start_byte, *((but.start_byte, but.end_byte) if but else ()), node.end_byte]
        places = [bisect_left(starts, edge) for edge in edges]
        return {name for first, last in zip(places[::2], places[1::2], strict=True) for name in names[first:last]}

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The namespace of each prefix, as it is written."""
        declared = dict(self.given)
        for node in self.nodes("prefix"):
            name, iri = node.named_children[-2:]
            declared[self.text(name).rstrip(":")] = self.text(iri)[1:-1]
        return declared

    def iri(self, node: Node) -> str | None:
        """Return the IRI of a name, of an IRI or of `a`; None if it is none, or only the engine could tell."""
        text = self.text(node)
        if text == "a":
            return RDF_TYPE
        if node.type == "iri_reference":
            iri = text[1:-1]
        elif node.type == "prefixed_name" and "\\" not in text:
            prefix, _, local = text.partition(":")
            iri = self.prefixes.get(prefix, "") + local if prefix in self.prefixes else ""
        else:
            return None
        return iri if _ABSOLUTE.match(iri) and not DOTS.search(iri) and iri.isascii() else None

    @property
    def stops_early(self) -> bool:
        """Whether the engine may stop at the first solutions: then it should not look for all of anything before."""
        return bool(self.nodes("first")) and not self.nodes("all")

    def fresh_names(self) -> Iterator[str]:
        """Return variables that the query does not have."""
        names, taken = (f"between_{number}" for number in count(1)), self.variables(self.root)
        return (f"?{name}" for name in names if name not in taken)


def _find(source: bytes) -> tuple[Node, dict[str, list[Node]]]:
    root = parse(source)
    return root, {} if root.has_error else QueryCursor(_parser()[1]).captures(root)


def read(text: str, given: tuple[tuple[str, str], ...] = ()) -> Syntax | None:
    """Return the tree of a query without its comments, in whose place are spaces.

    None for text that isn't SPARQL 1.1, and for text with escapes that hide characters.
    """
    if "\\u" in text or "\\U" in text or _LONE_RETURN.search(text):
        return None
    source = text.encode("utf-8", "surrogatepass")
    root, found = _find(source)
    if comments := found.get("comment"):
        blanked = bytearray(source)
        for node in comments:
            blanked[node.start_byte : node.end_byte] = b" " * (node.end_byte - node.start_byte)
        source = bytes(blanked)
        root, found = _find(source)
    if root.has_error:
        return None
    for nodes in found.values():
        nodes.sort(key=lambda node: node.start_byte)
    return Syntax(source, root, found, given)


def child(node: Node | None, *kinds: str) -> Node | None:
    """Return the first child of one of these kinds."""
    return next((part for part in node.children if part.type in kinds), None) if node else None


def holds(node: Node, other: Node) -> bool:
    """Whether another node is within a node, or is the same."""
    return node.start_byte <= other.start_byte and other.end_byte <= node.end_byte


def ancestors(node: Node) -> Iterator[Node]:
    """Yield the nodes around a node, from the inside out."""
    around = node.parent
    while around is not None:
        yield around
        around = around.parent


def enclosing_group(node: Node) -> Node | None:
    return next((around for around in ancestors(node) if around.type == "group_graph_pattern"), None)


def without(nodes: Iterable[Node], *kinds: str) -> list[Node]:
    """Return the nodes that are of none of these kinds."""
    return [node for node in nodes if node.type not in kinds]


def find_mistake(text: str) -> tuple[int, str, str] | None:
    """Return where a query stops being SPARQL, a piece that does not belong there, and what is missing.

    None if this parser finds no mistake, or can't tell where it begins.
    """
    source = text.encode()
    node: Node | None = parse(source)
    while node is not None and not (node.is_error or node.is_missing):
        node = next((child for child in node.children if child.has_error or child.is_missing), None)
    if node is None or (node.is_error and node.start_byte == 0):
        return None
    offset = len(source[: node.start_byte].decode())
    if node.is_missing:
        return offset, "", node.type
    return offset, source[node.start_byte : node.end_byte].decode(), ""
