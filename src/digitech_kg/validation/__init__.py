"""Shapes → report: whether a dataset may be published, and what a curator has to correct.

`validation.reference` is imported by name where it is asked for: pySHACL takes long to load.
"""
