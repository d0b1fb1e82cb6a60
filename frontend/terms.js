// RDF terms as people read them: short names, where they lead, and elements that show them.
/** The packaged ontology and shapes, which every project serves whatever its own base IRI is. */
const PACKAGED = /^https:\/\/w3id\.org\/digitech-kg\/((?:ontology|shapes)(?:[#/].*)?)$/;

/** Makes an element with properties and children; children may be text. */
export function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** Makes a button that does something when pressed; `pressed` makes it one of a choice. */
export function button(text, action, pressed) {
  const made = element("button", { type: "button", textContent: text });
  if (pressed !== undefined) made.setAttribute("aria-pressed", String(pressed));
  made.addEventListener("click", action);
  return made;
}

/** First parts of the paths of the project's IRIs that have pages, and of those that lead to themselves (`web/reading/labels.py`). */
const DESCRIBED = new Set(["id", "claim", "passage", "query", "graph", "comparison", "dataset", "mappings", "agent"]);
const SERVED = new Set(["ontology", "document", "download", "shapes", "sparql"]);

/** Returns where an IRI leads, or null if its scheme is unsafe; `base` is what the project's own IRIs begin with. */
export function addressOf(iri, base, root = "") {
  const packaged = PACKAGED.exec(iri);
  if (packaged) return `${root}/${packaged[1]}`;
  if (iri.startsWith(base)) {
    const path = iri.slice(base.length);
    const [kind] = path.split(/[/#]/, 1);
    if (DESCRIBED.has(kind)) return `${root}/page/${path}`;
    if (SERVED.has(kind)) return `${root}/${path}`;
  }
  return /^https?:\/\//.test(iri) ? iri : null;
}

/** Returns an IRI with the longest prefix that fits, or as it is. */
export function shorten(iri, prefixes) {
  let best = "";
  let short = iri;
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    if (iri.startsWith(namespace) && namespace.length > best.length) {
      best = namespace;
      short = `${prefix}:${iri.slice(namespace.length)}`;
    }
  }
  return short;
}

/** Returns the text of a term: a triple term, which has no text of its own, as JSON. */
export function textOf(term, prefixes) {
  if (!term) return "";
  if (term.text !== undefined) return term.text;
  if (term.type === "uri") return term.label ?? shorten(term.value, prefixes);
  const value = typeof term.value === "string" ? term.value : JSON.stringify(term.value);
  return term.type === "bnode" ? `_:${value}` : value;
}

/** Returns a term as the content of a cell: linked where it leads somewhere, with its language or datatype. */
export function cellOf(term, { prefixes, words }) {
  if (term?.cell) return element("span", {}, ...[...term.cell.childNodes].map((node) => node.cloneNode(true)));
  const text = textOf(term, prefixes);
  if (term?.type === "uri") {
    const address = addressOf(term.value, words.base, words.root);
    const shown = address ? element("a", { href: address, textContent: text }) : text;
    return term.label ? element("span", {}, shown, " ", element("span", { className: "note", textContent: shorten(term.value, prefixes) })) : shown;
  }
  const note = term?.["xml:lang"] ?? (term?.datatype ? shorten(term.datatype, prefixes) : "");
  if (!note) return text;
  const shown = element("span", { textContent: text });
  if (term["xml:lang"]) shown.lang = term["xml:lang"];
  return element("span", {}, shown, " ", element("span", { className: "note", textContent: note }));
}
