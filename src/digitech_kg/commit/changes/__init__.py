"""Requests and files → changes of a store."""
