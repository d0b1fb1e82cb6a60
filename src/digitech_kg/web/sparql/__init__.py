"""The protocols: SPARQL 1.1 Protocol and Graph Store HTTP Protocol, reading and writing."""
