"""Links to other data sets: SSSOM files, the quads of `graph:links`, and the data sets that are known.

`mappings.sssom` is imported by name where files are read: its library takes long to load.
"""
