"""The W3C's SPARQL 1.1 tests, asked of running servers over HTTP; `python -m conformance` writes the scores."""
