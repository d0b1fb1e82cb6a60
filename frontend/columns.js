// What the columns of a result hold: the views that can be offered follow from it.
import { parseTime } from "./times.js";
import { textOf } from "./terms.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "long", "int", "short", "byte", "nonNegativeInteger",
  "positiveInteger", "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort",
  "unsignedByte"].map((name) => XSD + name));
const TIMES = new Set(["date", "dateTime", "gYear", "gYearMonth"].map((name) => XSD + name));
const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";
const POINT = /^\s*(?:<[^>]*>\s*)?POINT\s*Z?\s*\(\s*(-?[\d.]+(?:e-?\d+)?)\s+(-?[\d.]+(?:e-?\d+)?)[^()]*\)\s*$/i;

/** Returns [longitude, latitude] of a point in well-known text, or null. */
export function parsePoint(text) {
  const match = POINT.exec(text);
  return match ? onEarth(Number(match[1]), Number(match[2])) : null;
}

/** Returns [longitude, latitude] if there is such a place, else null. */
export function onEarth(longitude, latitude) {
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [longitude, latitude] : null;
}

/** Returns the number of a term, or NaN. */
export function numberOf(term) {
  return term?.type === "literal" && term.value.trim() ? Number(term.value) : NaN;
}

function kindOfTerm(term) {
  if (term.type !== "literal") return term.type === "triple" ? "text" : "resource";
  if (NUMBERS.has(term.datatype)) return Number.isFinite(numberOf(term)) ? "number" : "text";
  if (term.datatype === WKT) return parsePoint(term.value) ? "point" : "text";
  const plain = !term["xml:lang"] && (!term.datatype || term.datatype === XSD + "string" || TIMES.has(term.datatype));
  return plain && parseTime(term.value) ? "time" : "text";
}

/** Returns the columns of a SPARQL JSON result, each with its kind and how many different values it has. */
export function readColumns({ head, results }, prefixes) {
  const rows = results.bindings;
  const columns = head.vars.map((name) => {
    const terms = rows.map((row) => row[name]).filter(Boolean);
    const kinds = new Set(terms.map(kindOfTerm));
    const kind = kinds.size === 1 ? [...kinds][0] : "text";
    return { name, kind: terms.length ? kind : "empty", distinct: new Set(terms.map((term) => term.value)).size, bound: terms.length };
  });
  const names = new Set(head.vars);
  return {
    columns,
    rows,
    title: (name) => name,
    /** Columns of these kinds, by name. */
    of: (...kinds) => columns.filter(({ kind }) => kinds.includes(kind)),
    /** A value as people call it: the column beside it with the name's label, or the value in short. */
    label: (row, name) => textOf(names.has(`${name}Label`) ? row[`${name}Label`] ?? row[name] : row[name], prefixes),
  };
}

/** Returns the columns of a table that the server wrote for readers, with its heads as titles and its cells as terms. */
export function readTable(element) {
  const heads = [...element.tHead.rows[0].cells].map((cell) => ({ name: cell.dataset.key, title: cell.textContent, isNumber: cell.classList.contains("number") }));
  const rows = [...element.tBodies[0].rows].map((row) => Object.fromEntries(
    [...row.cells].flatMap((cell, index) => (cell.textContent ? [[heads[index].name, termOf(cell, heads[index])]] : []))));
  const read = readColumns({ head: { vars: heads.map(({ name }) => name) }, results: { bindings: rows } }, {});
  const titles = new Map(heads.map(({ name, title }) => [name, title]));
  for (const column of read.columns) column.title = titles.get(column.name);
  return { ...read, title: (name) => titles.get(name) ?? name, label: (row, name) => row[name]?.text ?? "" };
}

function termOf(cell, { isNumber }) {
  const links = cell.querySelectorAll("a");
  const text = cell.textContent.trim();
  const shown = { text, cell };
  if (isNumber) return { ...shown, type: "literal", value: text, datatype: `${XSD}decimal` };
  if (links.length === 1) return { ...shown, type: "uri", value: links[0].getAttribute("href"), href: links[0].getAttribute("href") };
  return { ...shown, type: "literal", value: cell.dataset.value ?? text };
}

/** Returns the columns that name things, the likeliest first: those with a label, few values, and no claim or passage. */
export function namingColumns(table) {
  const labelled = new Set(table.columns.map(({ name }) => name));
  const worth = ({ name, distinct }) => {
    // A thing whose label stands beside it is shown by that; of claims and passages there are as many as rows.
    if (labelled.has(`${name}Label`)) return 1;
    if (/^(claim|passage|sentence|other|note|source)/i.test(name) || distinct < 2) return 2;
    return 0;
  };
  return table.of("resource", "text").sort((a, b) => worth(a) - worth(b));
}
