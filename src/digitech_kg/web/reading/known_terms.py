"""What pages call terms of other vocabularies, which are not in the graph themselves."""

from __future__ import annotations

from typing import Final

from digitech_kg.namespaces import VOCABULARIES

_ROWS: Final = """
rdf:type | is a | er
rdfs:label | name | navn
rdfs:comment | in our words | med våre ord
skos:altLabel | other name | annet navn
skos:hiddenLabel | search word | søkeord
skos:editorialNote | editorial note | redaksjonell merknad
skos:definition | definition | definisjon
skos:scopeNote | note | merknad
rdfs:seeAlso | see also | se også
owl:AnnotationProperty | annotation property | annotasjonsegenskap
owl:Class | class | klasse
owl:DatatypeProperty | property with values | egenskap med verdier
owl:ObjectProperty | property between things | egenskap mellom ting
owl:sameAs | is the same as | er det samme som
skos:exactMatch | exactly matches | svarer nøyaktig til
skos:closeMatch | closely matches | svarer omtrent til
skos:broadMatch | is narrower than | er snevrere enn
skos:narrowMatch | is wider than | er videre enn
skos:relatedMatch | is related to | er beslektet med
dcat:accessURL | address | adresse
dcat:contactPoint | contact | kontakt
dcat:byteSize | size in bytes | størrelse i byte
dcat:downloadURL | file | fil
dcat:keyword | keyword | stikkord
dcat:landingPage | start page | startside
dcat:mediaType | media type | medietype
dcat:theme | theme | tema
dcat:version | version | versjon
dcterms:alternative | short title | kort tittel
dcterms:bibliographicCitation | citation | henvisning
dcterms:conformsTo | conforms to | følger
dcterms:creator | creator | laget av
dcterms:description | description | beskrivelse
dcterms:issued | issued | utgitt
dcterms:language | language | språk
dcterms:license | licence | lisens
dcterms:publisher | publisher | utgiver
dcterms:rights | rights | rettigheter
dcterms:source | source | kilde
dcterms:title | title | tittel
foaf:homepage | home page | hjemmeside
prov:wasDerivedFrom | derived from | avledet fra
void:classes | classes | klasser
void:distinctSubjects | things described | ting som beskrives
void:entities | members | medlemmer
void:feature | format | format
void:linkPredicate | kind of link | slags lenke
void:objectsTarget | links to | lenker til
void:properties | properties | egenskaper
void:sparqlEndpoint | SPARQL endpoint | SPARQL-endepunkt
void:subjectsTarget | links from | lenker fra
void:triples | triples | tripler
void:uriSpace | IRIs begin with | IRI-er begynner med
void:vocabulary | vocabulary | vokabular
"""


def _terms() -> dict[str, dict[str, str]]:
    rows = (line.split(" | ") for line in _ROWS.strip().splitlines())
    names = ((*term.split(":"), english, norwegian) for term, english, norwegian in rows)
    return {VOCABULARIES[prefix] + local: {"en": english, "nb": bokmal} for prefix, local, english, bokmal in names}


#: Names by IRI and language.
KNOWN_TERMS: Final = _terms()
