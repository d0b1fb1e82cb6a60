"""The graph as drawings and tables: explorer, matrix, timeline, coverage."""
