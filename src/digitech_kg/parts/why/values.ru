# What follows from a hierarchy of properties of which only the direct steps are known. A property that begins with
# $inverse is the inverse of the one whose IRI follows.
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { ?role rdfs:subPropertyOf ?broader } WHERE { ?role rdfs:subPropertyOf+ ?broader } ;

INSERT { ?one ?broader ?other } WHERE { ?role rdfs:subPropertyOf ?broader . ?one ?role ?other } ;

INSERT { ?other ?role ?one }
WHERE {
  ?one ?inverse ?other
  FILTER(STRSTARTS(STR(?inverse), "$inverse"))
  BIND(IRI(STRAFTER(STR(?inverse), "$inverse")) AS ?role)
}
