"""Compare documents: claim by claim, and by their positions on issues."""
