"""The graph as pages read it: rows of queries as names, claims, times and addresses."""
