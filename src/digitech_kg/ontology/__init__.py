"""The ontology as one document: modules merged for OWL software, a model of its terms for pages, a diagram."""

from digitech_kg.ontology.standalone import merge_modules, owl_document

__all__ = ["merge_modules", "owl_document"]
