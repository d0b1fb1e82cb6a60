"""What programs use besides SPARQL: reconciliation, downloads, descriptions, health."""
