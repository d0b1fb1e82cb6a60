"""Published versions of a dataset: immutable directories, listed, opened and replaced atomically."""
