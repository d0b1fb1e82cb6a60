"""Read the text of SPARQL queries and updates: the one place that does, for engine, sources, commit and web."""
