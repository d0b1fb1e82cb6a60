# What follows from a hierarchy of classes of which only the direct steps are known.
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { ?class rdfs:subClassOf ?broader } WHERE { ?class rdfs:subClassOf+ ?broader } ;

INSERT { ?thing a ?broader } WHERE { ?thing a/rdfs:subClassOf ?broader }
