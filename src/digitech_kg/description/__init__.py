"""Describe a dataset for machines: VoID, DCAT, questions and versions in `graph:catalog`; schema.org for pages."""
