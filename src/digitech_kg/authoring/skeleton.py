"""Claims and things to fill in, as Turtle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import Quad

from digitech_kg.claims import measure_coverage
from digitech_kg.namespaces import Namespaces

#: What stands where something is to be filled in.
OPEN: Final = "…"


def write_claim(
    claim: str,
    passage: str,
    *,
    subject: str = f"id:{OPEN}",
    predicate: str = f"dk:{OPEN}",
    value: str = f"id:{OPEN}",
    is_literal: bool = False,
    more: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the block of a claim; all values are written as they stand in Turtle."""
    rows = [
        ("a", "dk:Claim"),
        ("dk:subject", subject),
        ("dk:predicate", predicate),
        ("dk:value" if is_literal else "dk:object", value),
        *more,
        ("dk:statedIn", passage),
    ]
    return "\n".join([claim, *(f"    {prop} {term} ;" for prop, term in rows), "."])


def write_thing(of_class: str, language: str) -> str:
    """Return the block of a thing of a class."""
    return f'id:{OPEN}\n    a {of_class} ;\n    rdfs:label "{OPEN}"@{language} ;\n.'


def write_skeletons(
    quads: Iterable[Quad], document: str, names: Namespaces, wanted: Sequence[str] = ()
) -> Iterator[str]:
    """Yield a file with a claim to fill in for each passage that nothing cites, or for each that is named in `wanted`.

    All blocks are comments, so that the file can be read from the start.
    """
    of_document = (found.uncovered for found in measure_coverage(quads, names) if found.document == document)
    passages = tuple(names.passage(document, name).value for name in wanted) or next(of_document, ())
    claims = names.claim(document, "")
    spaces = {prefix: names.prefixes[prefix] for prefix in ("dk", "id")}
    spaces |= {names.shorten(node.value)[:-1]: node.value for node in (claims, names.passage(document, ""))}
    yield "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(spaces.items()))
    yield "# Take the # away from the blocks that you have filled in. Name each claim by what it says.\n"
    for passage in passages:
        place = passage.rpartition("/")[2].replace(".", "-")
        block = write_claim(names.shorten(f"{claims.value}{place}"), names.shorten(passage))
        yield "".join(f"# {line}\n" for line in block.split("\n"))
