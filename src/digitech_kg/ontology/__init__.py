"""The ontology as one document: modules merged for OWL software, a model of its terms for pages."""
