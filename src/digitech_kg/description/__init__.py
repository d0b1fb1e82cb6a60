"""Describe a dataset for machines: VoID, DCAT, questions and versions in `graph:catalog`, and for pages."""
