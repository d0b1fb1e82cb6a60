"""The ontology as one document: modules merged for OWL software, a model of its terms for pages, a diagram."""

from digitech_kg.ontology.diagram import draw_diagram
from digitech_kg.ontology.index import Index
from digitech_kg.ontology.shapes_by_term import shapes_by_term
from digitech_kg.ontology.standalone import merge_modules, owl_document, without_axioms
from digitech_kg.ontology.terms import Documentation, Link, Term, Usage, document_ontology

__all__ = [
    "Documentation",
    "Index",
    "Link",
    "Term",
    "Usage",
    "document_ontology",
    "draw_diagram",
    "merge_modules",
    "owl_document",
    "shapes_by_term",
    "without_axioms",
]
