"""The ontology and the shapes at their own addresses."""
