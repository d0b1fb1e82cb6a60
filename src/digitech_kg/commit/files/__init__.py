"""Project files and online edits: what comes to what."""
