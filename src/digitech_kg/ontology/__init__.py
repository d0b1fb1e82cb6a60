"""The ontology as one document: modules merged for OWL software, a model of its terms for pages."""

from digitech_kg.ontology.standalone import merge_modules, module_document, owl_document
from digitech_kg.ontology.terms import (
    Alignment,
    Documentation,
    Link,
    TermEntry,
    Usage,
    document_ontology,
    list_alignments,
    shapes_by_term,
)

__all__ = [
    "Alignment",
    "Documentation",
    "Link",
    "TermEntry",
    "Usage",
    "document_ontology",
    "list_alignments",
    "merge_modules",
    "module_document",
    "owl_document",
    "shapes_by_term",
]
