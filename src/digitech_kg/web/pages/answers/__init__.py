"""Saved questions answered: sentences with footnotes, a table of names, and files to cite and keep."""
