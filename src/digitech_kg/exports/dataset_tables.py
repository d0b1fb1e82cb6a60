"""The dataset as tables: one for each class of things, and one each for things, claims, comparisons and passages.

In a class's table a cell shows the labels of its values, joined by " | ". Texts have a column for each language.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from digitech_kg.claims.labels import read_labels
from digitech_kg.claims.model import Claim, read_claims
from digitech_kg.claims.reserves import AXES, RELATIONS
from digitech_kg.graph_view import GraphView
from digitech_kg.iteration import grouped, reachable
from digitech_kg.mappings.model import SAME
from digitech_kg.namespaces import DCTERMS, DK, RDF, RDFS, SKOS, VOCABULARIES, GraphName, Graphs, Namespaces, value_of
from digitech_kg.tables import CellValue, Table, make_table, python_value

#: What a cell shows: a thing by what it is called, or a literal.
Shown = NamedNode | Literal
#: A cell has a value, or values by language, "" for those without one.
_Row = dict[str, CellValue | Mapping[str, CellValue]]
#: Properties that have columns of their own in every table of things.
_NAMING: Final = (RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition)
#: The other readings of a claim are texts, and have columns of their own.
_RESERVES: Final = tuple(axis.property for axis in AXES if axis.property != DK.otherReading)
_NOTES: Final = (SKOS.scopeNote, SKOS.editorialNote)
#: The column of a class's table that says of others which documents stand behind them.
_STATED_BY: Final = "stated_by"


class DatasetTables:
    """Makes tables of statements. Leaves out inferences, things without a name, and the dataset's description."""

    def __init__(self, store: Store, names: Namespaces) -> None:
        self._names = names
        kinds: dict[str, list[Quad]] = defaultdict(list)
        kind_of = cache(lambda graph: _kind(graph, names.graphs))
        for quad in store:
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                kinds[kind_of(quad.graph_name)].append(quad)
        #: What is said of things, passages and claims; then of terms, pairs of claims, and things in other data sets.
        #: Their order does not depend on how they are stored.
        self._data, self._terms, self._compared, self._links = (
            GraphView(sorted({quad.triple for quad in found}, key=str))
            for found in ([*kinds["data"], *kinds["evidence"]], kinds["terms"], kinds["compared"], kinds["links"])
        )
        self._labels = read_labels([*kinds["terms"], *kinds["data"], *kinds["evidence"]])
        self._claims = sorted(read_claims(kinds["data"]), key=lambda claim: claim.iri.value)
        subjects = in_order(self._data.all_subjects())
        self._passages = [s for s in subjects if s.value.startswith(names.prefixes["passage"])]
        others = {*self._passages, *(claim.iri for claim in self._claims)}
        self._columns_of_claims = {prop: column_name(prop, names) for prop in (*_RESERVES, *RELATIONS)}
        self._things = [s for s in subjects if s not in others and self._classes(s)]

    def tables(self) -> list[Table]:
        """Return all tables: the general ones first, then one for each class by name."""
        documents = [claim for claim in self._claims if not claim.is_external]
        others = [claim for claim in self._claims if claim.is_external]
        general = {
            "things": list(map(self._thing_row, self._things)),
            "claims": list(map(self._claim_row, documents)),
            "external_claims": list(map(self._external_claim_row, others)),
            "comparisons": self._comparison_rows(),
            "passages": self._passage_rows(),
        }
        members = grouped((cls, node) for node in self._things for cls in self._classes(node))
        # The table of documents has those that are told here, whatever their class; others are among the things.
        told = {whole for passage in self._passages for whole in self._data.nodes(passage, DK.isPartOf)}
        members[DK.Document] = [node for node in self._things if node in told]
        plain: dict[Triple, set[str]] = defaultdict(set)
        for claim in self._claims:
            if claim.triple and claim.is_plain and not claim.is_negated:
                plain[claim.triple].add(self._names.document_of(claim.iri.value) or "")
        by_class = self._columns((cls for cls, nodes in members.items() if nodes), taken=general)
        return [
            *(_table(name, rows) for name, rows in general.items()),
            *(_table(name, self._class_rows(members[cls], plain)) for name, cls in by_class.items()),
        ]

    def name(self, term: NamedNode) -> str:
        """Return the label of a thing or term, or its short name; the whole IRI of what is elsewhere."""
        return self._labels.name(term, self._names).strip("<>")

    def _named(self, node: NamedNode) -> _Row:
        """Return the cells that every table of things has."""
        return {
            "iri": node.value,
            "label": self._labels.by_language(node),
            "other_names": _iris(self._data.values(node, SKOS.altLabel)),
            "definition": self._said([node], SKOS.definition),
        }

    def _thing_row(self, node: NamedNode) -> _Row:
        classes = self._classes(node)
        above = reachable(classes, lambda cls: self._terms.nodes(cls, RDFS.subClassOf))
        return {
            **self._named(node),
            "classes": _joined(sorted(map(self.name, classes))),
            "classes_with_those_above": _joined(sorted(map(self.name, above))),
            "same_elsewhere": _joined(sorted(v.value for prop in SAME for v in self._links.nodes(node, prop))),
        }

    def _claim_row(self, claim: Claim) -> _Row:
        columns = self._columns_of_claims
        return {
            **self._about(claim),
            "sentence": self._said([claim.iri], DK.sentence),
            "denied": claim.is_negated,
            "is_plain_statement": claim.is_plain and not claim.is_negated,
            "reserves": _joined(dict.fromkeys(reserve.axis.name for reserve in claim.weakening)),
            **{columns[prop]: self._texts(claim.all(prop)) for prop in _RESERVES},
            "other_reading": self._said([claim.iri], DK.otherReading),
            **{columns[prop]: _iris(claim.all(prop)) for prop in RELATIONS},
            "note": self._said([claim.iri], *_NOTES),
            "main_claim": _iris(claim.all(DK.elaborates)),
            "topics": _iris(self._data.nodes(claim.iri, DK.hasTopic)),
            "topic_labels": self._texts(self._data.nodes(claim.iri, DK.hasTopic)),
            "passages": _iris(claim.passages),
            "document": self._names.document_of(claim.iri.value),
        }

    def _external_claim_row(self, claim: Claim) -> _Row:
        sources = in_order(s for s in claim.all(DK.attestedBy) if isinstance(s, NamedNode))
        days = sorted((day for source in sources for day in self._data.values(source, DK.retrievedOn)), key=value_of)
        return {
            **self._about(claim),
            "denied": claim.is_negated,
            "time": self._texts(claim.all(DK.time)),
            "source": _iris(sources),
            "source_label": self._texts(sources),
            "retrieved_on": self._cell(days[-1:]),
            "licence": self._said(sources, DCTERMS.license, DCTERMS.rights),
            "note": self._said([claim.iri], *_NOTES),
        }

    def _about(self, claim: Claim) -> _Row:
        """Return the cells for what a claim says of what."""
        row: _Row = {"claim": claim.iri.value}
        for column, prop in (("subject", DK.subject), ("predicate", DK.predicate), ("object", DK.object)):
            thing = next((value for value in claim.all(prop) if isinstance(value, NamedNode)), None)
            row |= {column: thing.value if thing else None, f"{column}_label": self.name(thing) if thing else None}
        return {**row, "value": _iris(claim.all(DK.value))}

    def _comparison_rows(self) -> list[_Row]:
        told, rows = self._compared, list[_Row]()
        for node in sorted((node for node, _claim in told.links(DK.firstClaim)), key=str):
            first, second = (next(map(value_of, told.nodes(node, p)), "") for p in (DK.firstClaim, DK.secondClaim))
            rows.append(
                {
                    "comparison": node.value,
                    "kind": self._texts(told.values(node, DK.comparisonKind)),
                    "first_claim": first,
                    "second_claim": second,
                    "first_document": self._names.document_of(first),
                    "second_document": self._names.document_of(second),
                    "reason": told.text(node, DK.reasonText, ("en", "")) or None,
                }
            )
        return rows

    def _passage_rows(self) -> list[_Row]:
        props = {triple.predicate for node in self._passages for triple in self._data.triples_of(node)}
        columns = self._columns(props - {RDF.type, RDFS.label}, taken=("passage", "document", "kind"))
        return [
            {
                "passage": node.value,
                "label": self._labels.by_language(node),
                "document": self._names.document_of(node.value),
                "kind": self._texts(self._classes(node)),
                # What it is part of, or leads to, by IRI; values of any other kind by language.
                **{c: _iris(self._data.nodes(node, p)) or self._said([node], p) for c, p in columns.items()},
            }
            for node in self._passages
        ]

    def _class_rows(self, nodes: Sequence[NamedNode], plain: Mapping[Triple, set[str]]) -> list[_Row]:
        """Return the rows of a class; `plain` are the statements of documents, with their names."""
        stated, rows = GraphView(sorted(plain, key=str)), [self._named(node) for node in nodes]
        #: The values of each thing by property; documents that agree say one once.
        values: dict[NamedNode, dict[NamedNode, dict[Shown, None]]] = defaultdict(lambda: defaultdict(dict))
        documents: dict[NamedNode, dict[NamedNode, set[str]]] = defaultdict(lambda: defaultdict(set))
        for node in nodes:
            for triple in (*self._data.triples_of(node), *stated.triples_of(node)):
                if triple.predicate not in _NAMING:
                    values[triple.predicate][node][triple.object] = None
                    documents[node][triple.predicate] |= plain.get(triple, set())
        columns = self._columns(values, taken=(*rows[0], _STATED_BY))
        for node, row in zip(nodes, rows, strict=True):
            row |= {column: self._by_language(values[prop][node]) for column, prop in columns.items()}
            told = ((column, sorted(documents[node][prop])) for column, prop in columns.items())
            row[_STATED_BY] = _joined(f"{column}: {', '.join(names)}" for column, names in told if names)
        return rows

    def _said(self, nodes: Iterable[NamedNode], *props: NamedNode) -> Mapping[str, CellValue]:
        """Return the values that nodes have for properties, by language."""
        return self._by_language(value for node in nodes for prop in props for value in self._data.values(node, prop))

    def _by_language(self, values: Iterable[Shown]) -> Mapping[str, CellValue]:
        parted = grouped((getattr(value, "language", None) or "", value) for value in values)
        return {tag: self._cell(own) for tag, own in parted.items()}

    def _classes(self, node: NamedNode) -> list[NamedNode]:
        """Return the classes of a thing or passage but those of OWL itself, which say nothing of it."""
        return [cls for cls in self._data.nodes(node, RDF.type) if not cls.value.startswith(VOCABULARIES["owl"])]

    def _columns(self, terms: Iterable[NamedNode], *, taken: Iterable[str]) -> dict[str, NamedNode]:
        """Return classes or properties by the names of their tables or columns."""
        found: dict[str, NamedNode] = {}
        for term in in_order(terms):
            found[column_name(term, self._names, taken={*taken, *found})] = term
        return found

    def _shown(self, value: Shown) -> CellValue:
        """Return a literal as a Python value, and the label of anything else."""
        return python_value(value.value, value.datatype.value) if isinstance(value, Literal) else self.name(value)

    def _cell(self, values: Iterable[Shown]) -> CellValue:
        """Return a single value as it is, and several as text."""
        shown = [self._shown(value) for value in values]
        return shown[0] if len(shown) == 1 else _joined(str(value) for value in shown)

    def _texts(self, values: Iterable[Shown]) -> str | None:
        """Return values as text, also a single one: a year as the time of a claim is no number to calculate with."""
        return _joined(str(self._shown(value)) for value in values)


def column_name(term: NamedNode, names: Namespaces, *, taken: Collection[str] = ()) -> str:
    """Return a name for a class or property that SQL takes without quotes, and that is not taken.

    >>> names = Namespaces("https://example.org/kg/")
    >>> column_name(NamedNode("https://w3id.org/digitech-kg/ontology#isInSector"), names)
    'is_in_sector'
    >>> column_name(NamedNode("http://purl.org/dc/terms/license"), names)
    'dcterms_license'
    """
    short = names.shorten(term.value).strip("<>").removeprefix("dk:")
    if "://" in short:
        short = re.split(r"[/#]", short.rstrip("/#"))[-1]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", short)
    base = re.sub(r"\W+", "_", words).strip("_").lower() or "unnamed"
    found, number = base, 1
    while found in taken:
        number += 1
        found = f"{base}_{number}"
    return found


def in_order(nodes: Iterable[NamedNode]) -> list[NamedNode]:
    return sorted(nodes, key=lambda node: node.value)


def _table(name: str, rows: Sequence[_Row]) -> Table:
    """Return a table in which texts by language become columns, such as `label_zh_hans`; English first."""

    def english_first(tag: str) -> tuple[bool, bool, str]:
        return tag != "", tag != "en", tag

    parted = [{column: c if isinstance(c, Mapping) else {"": c} for column, c in row.items()} for row in rows]
    tags = grouped((column, tag) for row in parted for column, texts in row.items() for tag in texts)
    places = [(column, tag) for column, found in tags.items() for tag in sorted({*found}, key=english_first)]
    header = [f"{column}_{tag.lower().replace('-', '_')}" if tag else column for column, tag in places]
    return make_table(name, header, ([row.get(column, {}).get(tag) for column, tag in places] for row in parted))


def _joined(parts: Iterable[str]) -> str | None:
    return " | ".join(parts) or None


def _iris(values: Iterable[Shown]) -> str | None:
    return _joined(value.value for value in values)


def _kind(graph: GraphName, graphs: Graphs) -> str:
    """Return what the quads of a graph are for; "" for nothing."""
    known = {graphs.links: "links", graphs.ontology: "terms", graphs.comparison: "compared", graphs.positions: "data"}
    if graph in known:
        return known[graph]  # type: ignore[index]
    document = graphs.document_of(graph)
    if document and graph == graphs.evidence(document):
        return "evidence"
    return "" if graphs.is_derived(graph) else "data"
