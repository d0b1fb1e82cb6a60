// Shows a result: the views that fit it, a yes or no, or what went wrong.
import { readColumns, readTable } from "./columns.js";
import { readTriples } from "./ntriples.js";
import { button, element } from "./terms.js";
import { chart } from "./view_chart.js";
import { graph } from "./view_graph.js";
import { map } from "./view_map.js";
import { matrix } from "./view_matrix.js";
import { raw } from "./view_raw.js";
import { table } from "./view_table.js";
import { timeline } from "./view_timeline.js";
import { addressWith } from "./words.js";

const VIEWS = [table, chart, timeline, graph, map, matrix, raw];
/** RDF is read as text or drawn; its table is for sorting and filtering. */
const RDF_VIEWS = [raw, graph, table];
const READERS_VIEWS = VIEWS.filter((view) => view !== raw);
/** Names are asked for in one request. */
const MOST_NAMED = 1000;
const SOLUTIONS = ["json", "xml", "csv", "tsv"];
const GRAPHS = ["turtle", "ntriples", "rdfxml", "jsonld"];

/** Reads a choice of view from an address: its name and its settings, with colons between. */
function parseChoice(text) {
  const [name, ...values] = (text ?? "").split(":");
  return { name, values };
}

/** Asks the endpoint; gives the response, the body and whether it is RDF. */
export async function askEndpoint(endpoint, query, signal) {
  const headers = { Accept: "application/sparql-results+json, application/n-triples;q=0.9", "Content-Type": "application/sparql-query" };
  const address = addressWith(endpoint, { lang: document.documentElement.lang });
  const response = await fetch(address, { method: "POST", headers, body: query, signal });
  return { response, body: await response.text(), isRdf: response.headers.get("Content-Type").startsWith("application/n-triples") };
}

/**
 * Shows a body of the endpoint in `host`. `context` has prefixes, the words of the page, the query, the view that is
 * wanted, and `onView`, which is told of the view that is shown. Gives the number of rows, or null.
 */
export async function showBody(host, { body, isRdf }, context) {
  const document_ = isRdf ? readTriples(body) : JSON.parse(body);
  if ("boolean" in document_) {
    host.replaceChildren(toolbar(context, ["json", "xml"]), element("p", { className: "verdict", textContent: document_.boolean ? context.words.yes : context.words.no }));
    return null;
  }
  if (!isRdf) await nameTerms(document_.results.bindings, context.words);
  const read = { ...readColumns(document_, context.prefixes), document: document_, isRdf };
  if (!read.rows.length) {
    host.replaceChildren(element("p", { className: "empty", textContent: context.words.empty }));
    return 0;
  }
  showViews(host, read, context);
  return read.rows.length;
}

/** Tells each IRI of a result what it is called; the result as it came has no such property, so it is none that counts. */
async function nameTerms(rows, { names }) {
  const terms = rows.flatMap((row) => Object.values(row)).filter(({ type }) => type === "uri");
  const iris = [...new Set(terms.map(({ value }) => value))].slice(0, MOST_NAMED);
  if (!iris.length) return;
  const reply = await fetch(addressWith(names, { lang: document.documentElement.lang }), { method: "POST", body: iris.join("\n") });
  if (!reply.ok) return;
  const called = await reply.json();
  for (const term of terms) if (Object.hasOwn(called, term.value)) Object.defineProperty(term, "label", { value: called[term.value] });
}

/** Shows the table that the server wrote in `host` in the views that fit it; its files are beside it on the page. */
export function showTableOf(host, context) {
  showViews(host, readTable(host.querySelector("table")), { ...context, bare: true });
}

function showViews(host, read, context) {
  const { words } = context;
  const offered = (read.isRdf ? RDF_VIEWS : context.bare ? READERS_VIEWS : VIEWS).map((view) => ({ view, settings: view.fits(read, words) })).filter(({ settings }) => settings);
  const wanted = parseChoice(context.view);
  const start = offered.find(({ view }) => view.name === wanted.name) ?? offered[0];
  start.settings.forEach((setting, index) => {
    if (setting.options.some(([value]) => value === wanted.values[index])) setting.value = wanted.values[index];
  });
  const buttons = element("div", { className: "tabs views" });
  buttons.setAttribute("role", "group");
  buttons.setAttribute("aria-label", words.views);
  const [fields, body] = [element("div", { className: "settings" }), element("div", { className: "view" })];

  function open({ view, settings }) {
    const chosen = Object.fromEntries(settings.map(({ key, value }) => [key, value]));
    buttons.replaceChildren(...offered.map((other) => button(words[other.view.name], () => { open(other); refocus(); }, other.view === view)));
    fields.replaceChildren(...settings.map((setting) => field(setting, () => open({ view, settings }))));
    body.replaceChildren();
    view.draw(body, read, chosen, context);
    const text = [view.name, ...settings.map(({ value }) => value)].join(":");
    const isUsual = context.usual ? `${text}:`.startsWith(`${context.usual}:`) : view === offered[0].view;
    context.onView?.(isUsual ? "" : text);
  }

  function refocus() {
    buttons.querySelector('[aria-pressed="true"]').focus();
  }

  const files = context.bare ? [] : [toolbar(context, read.isRdf ? GRAPHS : SOLUTIONS)];
  host.replaceChildren(...files, buttons, fields, body);
  open(start);
}

/** A choice among columns; the field stays as it is while the view behind it is drawn anew. */
function field(setting, changed) {
  const select = element("select", { autocomplete: "off" }, ...setting.options.map(([value, text]) => element("option", { value, textContent: text, selected: value === setting.value })));
  select.dataset.key = setting.key;
  select.addEventListener("change", () => {
    const { parentElement } = select.closest("label");
    setting.value = select.value;
    changed();
    parentElement.querySelector(`[data-key="${setting.key}"]`).focus();
  });
  return element("label", {}, `${setting.label} `, select);
}

/** Links to the result as files, and a button that gives the result the whole screen. */
function toolbar({ query, words, host }, formats) {
  const files = element("span", { className: "files" }, `${words.download} `);
  for (const format of formats) {
    files.append(element("a", { href: addressWith(words.endpoint, { query, format }), download: `result.${words.extensions[format]}`, textContent: words.formats[format] ?? format }), " ");
  }
  const bar = element("div", { className: "result-bar" }, files);
  if (host && document.fullscreenEnabled) {
    const whole = button(words.fullScreen, () => (document.fullscreenElement ? document.exitFullscreen() : host.requestFullscreen()));
    host.onfullscreenchange = () => { host.querySelector(".whole")?.replaceChildren(document.fullscreenElement ? words.leaveFullScreen : words.fullScreen); };
    whole.classList.add("whole");
    bar.append(whole);
  }
  return bar;
}

/** Shows what went wrong, and what to do. */
export function showProblem(host, problem) {
  const box = element("div", { className: "problem" }, element("p", {}, element("strong", { textContent: problem.title }), problem.detail ? `: ${problem.detail}` : ""));
  if (problem.hint) box.append(element("p", { textContent: problem.hint }));
  box.setAttribute("role", "alert");
  host.replaceChildren(box);
}
