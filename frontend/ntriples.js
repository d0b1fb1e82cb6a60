// Reads N-Triples (https://www.w3.org/TR/n-triples/) as rows of subject, predicate and object.
const TERM = /\s*(?:<([^<>\s]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^<>\s]*)>)?)/y;
const ESCAPES = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f", '"': '"', "'": "'", "\\": "\\" };

function unescape(text) {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, short, long, plain) =>
    plain ? ESCAPES[plain] ?? plain : String.fromCodePoint(Number.parseInt(short ?? long, 16)));
}

function termOf([, iri, blank, text, language, datatype]) {
  if (iri !== undefined) return { type: "uri", value: unescape(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  const term = { type: "literal", value: unescape(text) };
  if (language) term["xml:lang"] = language;
  if (datatype) term.datatype = datatype;
  return term;
}

/** Returns the triples as a SPARQL JSON result; lines with triple terms, which the views do not draw, are left out. */
export function readTriples(text) {
  const names = ["subject", "predicate", "object"];
  const bindings = [];
  for (const line of text.split("\n")) {
    TERM.lastIndex = 0;
    const found = names.map(() => TERM.exec(line)).filter(Boolean);
    if (found.length === 3) bindings.push(Object.fromEntries(names.map((name, index) => [name, termOf(found[index])])));
  }
  return { head: { vars: names }, results: { bindings } };
}
