"""The protocols: SPARQL 1.1 Protocol, Graph Store HTTP Protocol and Memento, reading and writing."""
