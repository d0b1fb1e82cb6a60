"""What authors need: documents cut into passages, terms to be found, a project to begin with."""
