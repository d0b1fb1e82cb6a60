"""Who carries writes out: a process of our own, or a store elsewhere."""
