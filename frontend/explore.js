// The explorer's page: the server draws up form, list and table; this adds the drawing and changes parts without a reload.
import { drawGraph, kindsOf } from "./graph.js";

const host = document.querySelector("#graph");
const form = document.querySelector("#choose");
const details = document.querySelector("#details");
const words = JSON.parse(host.dataset.words);
const home = new URL(form.action).pathname;

function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

const link = (href, textContent) => element("li", {}, element("a", { href, textContent }));
const chip = (className, textContent) => element("span", { className: `chip ${className}`, textContent });

function describeNode({ label, kindLabel, href, opened, hidden, open, close, focus }) {
  const actions = element("ul", { className: "actions" }, link(href, words.page));
  if (!opened) actions.append(link(open, words.open));
  actions.append(link(focus, words.focus));
  if (opened) actions.append(link(close, words.close));
  const more = hidden ? `${kindLabel} · ${hidden} ${words.hidden}` : kindLabel;
  return [element("h2", { textContent: label }), element("p", { className: "meta", textContent: more }), actions];
}

/** Returns what the legend calls a manner in which claims are made. */
const textOf = (manner) => document.querySelector(`#lines [data-line="${manner}"]`).textContent.trim();

function describeEdge({ source, target, label, sentence, language, manner, negated, reserves, href }) {
  const name = (id) => graph.cy.getElementById(id).data("label");
  const marks = element("p");
  // A claim with a reserve is told by its reserves, any other by its manner.
  if (!reserves.length) marks.append(chip(manner, textOf(manner)), " ");
  if (negated && manner !== "denied") marks.append(chip("denied", words.denial), " ");
  for (const reserve of reserves) marks.append(chip(manner, reserve), " ");
  const shown = [element("h2", { textContent: `${name(source)} – ${label} – ${name(target)}` }), marks];
  shown.push(element("p", { lang: language, textContent: sentence }));
  return [...shown, element("ul", { className: "actions" }, link(href, words.claim))];
}

const graph = drawGraph(host, {
  not: words.not,
  choose: (data) => {
    if (!data) details.replaceChildren(element("p", { className: "meta", textContent: words.hint }));
    else details.replaceChildren(...("source" in data ? describeEdge(data) : describeNode(data)));
  },
  act: (data) => ("source" in data ? location.assign(data.href) : go(data.open)),
});

function explain({ nodes, edges }) {
  const used = new Set(edges.map(({ manner }) => manner));
  for (const item of document.querySelectorAll("#lines li")) item.hidden = !used.has(item.dataset.line);
  const shown = kindsOf(nodes).map(({ label, count, shade }) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const [name, value] of Object.entries({ width: 16, height: 16, "aria-hidden": "true" })) svg.setAttribute(name, value);
    for (const [name, value] of Object.entries({ cx: 8, cy: 8, r: 6, class: `shade shade-${shade}` })) dot.setAttribute(name, value);
    svg.append(dot);
    return element("li", {}, svg, ` ${label} `, element("span", { className: "note", textContent: count }));
  });
  document.querySelector("#shades").replaceChildren(...shown);
}

async function draw() {
  const answer = await fetch(host.dataset.source.split("?")[0] + location.search);
  const data = await answer.json();
  graph.show(data);
  explain(data);
  host.dataset.ready = location.search || "?";
}

/** Replaces those parts of the page that depend on the selection, and keeps the focus where it was. */
function replaceParts(page) {
  const held = document.activeElement;
  const same = held?.name && held.value !== undefined ? `[name="${held.name}"][value="${CSS.escape(held.value)}"]` : null;
  for (const part of page.querySelectorAll("[data-part]")) {
    document.querySelector(`[data-part="${part.dataset.part}"]`)?.replaceWith(document.adoptNode(part));
  }
  if (same && !held.isConnected) form.querySelector(same)?.focus();
}

let latest = 0;

async function go(address, { keep = true } = {}) {
  const mine = (latest += 1);
  host.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== latest) return;
    if (!answer.ok) {
      location.assign(address);
      return;
    }
    if (keep) history.pushState(null, "", answer.url);
    replaceParts(page);
    await draw();
  } catch (error) {
    details.replaceChildren(element("p", { textContent: `${words.failed}: ${error.message}` }));
    details.firstChild.setAttribute("role", "alert");
  } finally {
    host.removeAttribute("aria-busy");
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = [...new FormData(form)].filter(([, value]) => value !== "");
  form.elements.add.value = "";
  go(`${home}?${new URLSearchParams(chosen)}`);
});
document.addEventListener("click", (event) => {
  const target = event.target.closest?.("a[href]");
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button || !target.closest("main")) return;
  const address = new URL(target.href);
  if (address.origin !== location.origin || address.pathname !== home) return;
  event.preventDefault();
  go(address);
});
addEventListener("popstate", () => go(location.href, { keep: false }));

let asking = null;
form.addEventListener("input", async ({ target, inputType }) => {
  if (!target.matches("[list=found]")) return;
  if (target.name === "add" && inputType === "insertReplacementText") {
    form.requestSubmit();
    return;
  }
  asking?.abort();
  asking = new AbortController();
  const address = new URL(host.dataset.find, location.href);
  address.searchParams.set("q", target.value);
  try {
    const found = await (await fetch(address, { signal: asking.signal })).json();
    document.querySelector("#found").replaceChildren(...found.map(({ label, kind }) => element("option", { value: label, textContent: kind })));
  } catch { /* Typing goes on; the last answer counts. */ }
});

const ACTIONS = { in: () => graph.zoom(1.3), out: () => graph.zoom(1 / 1.3), fit: () => graph.fit() };
for (const button of document.querySelectorAll("[data-do]")) button.addEventListener("click", () => ACTIONS[button.dataset.do]());
draw();
