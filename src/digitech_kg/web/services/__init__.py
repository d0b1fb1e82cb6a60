"""What programs use beside SPARQL: reconciliation, downloads, descriptions, health."""
