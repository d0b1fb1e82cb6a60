"""Pages on how documents stand to each other."""
