"""Read the graph for pages: names, claims, times and addresses."""
