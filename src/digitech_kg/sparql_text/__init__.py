"""Read the text of SPARQL queries and updates: tokens, tree, checks, parameters and mistakes."""
