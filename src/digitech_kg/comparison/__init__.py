"""How documents stand to each other: claim by claim, and on the issues on which they take positions."""
