"""What a typed text asks for, read against the book: the things, pages and claims that it means."""
