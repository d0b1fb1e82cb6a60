"""Links to other data sets: SSSOM files, the quads of `graph:links`, and the data sets that are known."""
