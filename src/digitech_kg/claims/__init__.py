"""Claims: how they are read, when they become plain statements, and how they are written as sentences."""
