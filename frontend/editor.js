// The SPARQL editor: CodeMirror in a shadow root, so that a strict CSP holds.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { formatQuery } from "./format.js";
import { readParameters, showParameters } from "./parameters.js";
import { askEndpoint, showBody, showProblem } from "./results.js";
import { keepTabs, loadTabs } from "./tabs.js";
import { button, element } from "./terms.js";
import { addressWith, words } from "./words.js";

const host = document.querySelector("#editor");
const result = document.querySelector("#result");
const status = document.querySelector("#status");
const list = document.querySelector("#tabs");
const plain = document.querySelector("#query");
const parameters = document.querySelector("#parameters");
const [run, stop] = ["#run", "#stop"].map((id) => document.querySelector(id));
const known = await (await fetch(words.known)).json();
let running = null;

/** Names beginning with what is typed, from the graph itself; choosing one declares its prefix. */
async function complete(context) {
  const word = context.matchBefore(/[\w-]*:?[\w.-]*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  if (word.text.length < 2 && !context.explicit) return null;
  // Variables and IRIs in brackets are nobody's names.
  if (/[?$<@]/.test(context.state.sliceDoc(Math.max(word.from - 1, 0), word.from))) return null;
  const found = await (await fetch(addressWith(words.complete, { q: word.text }))).json();
  const options = found.map(({ curie, label, kind, definition }) => ({
    label: curie, detail: label, info: definition || undefined, type: kind, apply: insert,
  }));
  return { from: word.from, options, filter: false };
}

function insert(view, { label }, from, to) {
  const prefix = label.split(":")[0];
  const changes = [...declaration(view.state.doc.toString(), prefix), { from, to, insert: label }];
  const set = view.state.changes(changes);
  view.dispatch({ changes: set, selection: { anchor: set.mapPos(to, 1) } });
}

function declaration(text, prefix) {
  const namespace = known.prefixes[prefix];
  if (!namespace || new RegExp(`PREFIX\\s+${prefix}:`, "i").test(text)) return [];
  return [{ from: 0, insert: `PREFIX ${prefix}: <${namespace}>\n` }];
}

/** Declares a prefix of the project as soon as its colon is typed. */
const declareTyped = EditorView.updateListener.of((update) => {
  if (!update.docChanged || !update.transactions.some((one) => one.isUserEvent("input.type"))) return;
  const { head } = update.state.selection.main;
  const typed = /(?:^|[\s({;,.|/^])([a-z]\w*):$/.exec(update.state.sliceDoc(Math.max(head - 30, 0), head));
  const line = update.state.doc.lineAt(head).text;
  if (typed && !/^\s*PREFIX/i.test(line)) {
    const changes = declaration(update.state.doc.toString(), typed[1]);
    if (changes.length) update.view.dispatch({ changes });
  }
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--yes)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--hedge)" },
  { tag: [tags.number, tags.bool], color: "var(--no)" },
]);

const look = EditorView.theme({
  "&": { color: "var(--fg)", backgroundColor: "var(--panel)", border: "1px solid var(--line)", borderRadius: "8px", fontSize: "14px" },
  // A long query leaves room for its result.
  "&, & .cm-scroller": { maxHeight: "65vh" },
  ".cm-scroller": { overflow: "auto" },
  ".cm-content": { minHeight: "14rem", caretColor: "var(--fg)", fontFamily: "var(--mono)" },
  ".cm-cursor": { borderLeftColor: "var(--fg)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--muted)", border: "0" },
  "&.cm-focused": { outline: "3px solid var(--accent)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "var(--mark)" },
  ".cm-tooltip": { backgroundColor: "var(--bg)", color: "var(--fg)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--button)", color: "var(--on-accent)" },
  ".cm-completionDetail": { color: "inherit" },
});

/** The query and view of the address: behind # from a shared link, or as the server put it into the page. */
const linked = new URLSearchParams(location.hash.slice(1));
const shared = linked.get("query") ?? (plain.dataset.given ? plain.value : null);
let wantedView = linked.get("view");
const tabs = loadTabs(plain.defaultValue);
if (shared !== null) {
  if (!tabs.texts.includes(shared)) tabs.texts.push(shared);
  tabs.current = tabs.texts.indexOf(shared);
}

const shadow = host.attachShadow({ mode: "open" });
const parent = shadow.appendChild(document.createElement("div"));
const commands = [
  { key: "Ctrl-Enter", mac: "Cmd-Enter", run: () => { ask(); return true; } },
  { key: "Shift-Alt-f", run: () => { format(); return true; } },
  { key: "Escape", run: () => { if (!running) return false; running.abort(); return true; } },
];
const view = new EditorView({ root: shadow, parent, state: stateOf(tabs.texts[tabs.current]) });

function stateOf(doc) {
  return EditorState.create({
    doc,
    // Where a term goes that is chosen before anything was typed.
    selection: { anchor: Math.max(doc.lastIndexOf("}"), 0) },
    extensions: [
      lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), sparql(),
      syntaxHighlighting(colours), look, declareTyped, EditorView.lineWrapping,
      // Before completion, whose own keys would take Escape while it waits for names.
      Prec.highest(keymap.of(commands)), autocompletion({ override: [complete] }),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      EditorView.contentAttributes.of({ "aria-label": words.label, tabindex: "0" }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        tabs.texts[tabs.current] = update.state.doc.toString();
        keepTabs(tabs);
        drawParameters();
      }),
    ],
  });
}

function open(index) {
  tabs.current = index;
  view.setState(stateOf(tabs.texts[index]));
  keepTabs(tabs);
  drawTabs();
  drawParameters();
}

/** Shows the pick-lists of the query; a choice is written into it, and it is asked again. */
function drawParameters() {
  const text = view.state.doc.toString();
  showParameters(parameters, text, { words, prefixes: known.prefixes, changed(name, insert) {
    const place = readParameters(view.state.doc.toString()).find((parameter) => parameter.name === name);
    if (!place) return;
    view.dispatch({ changes: { from: place.from, to: place.to, insert } });
    ask();
  } });
}

function format() {
  const before = view.state.doc.toString();
  const after = formatQuery(before);
  if (after !== before) view.dispatch({ changes: { from: 0, to: before.length, insert: after }, selection: { anchor: 0 } });
}

function drawTabs() {
  const made = tabs.texts.map((_, index) => button(`${words.tab} ${index + 1}`, () => open(index), index === tabs.current));
  made.push(button(words.newTab, () => { tabs.texts.push(""); open(tabs.texts.length - 1); }));
  if (tabs.texts.length > 1) {
    made.push(button(words.closeTab, () => { tabs.texts.splice(tabs.current, 1); open(Math.max(tabs.current - 1, 0)); }));
  }
  list.replaceChildren(...made);
}

function markError(problem) {
  if (!problem.line) return;
  const line = view.state.doc.line(Math.min(problem.line, view.state.doc.lines));
  // An error at the end of a line is shown at its last character.
  const place = Math.min(line.from + Math.max((problem.column ?? 1) - 1, 0), line.to);
  const from = place === line.to ? Math.max(line.from, place - 1) : place;
  const mark = { from, to: line.to, severity: "error", message: problem.detail };
  view.dispatch(setDiagnostics(view.state, [mark]), { selection: { anchor: from }, scrollIntoView: true });
  view.focus();
}

async function ask() {
  running?.abort();
  const mine = (running = new AbortController());
  const query = view.state.doc.toString();
  view.dispatch(setDiagnostics(view.state, []));
  result.classList.add("waiting");
  stop.disabled = false;
  status.textContent = words.running;
  const started = performance.now();
  share(query, wantedView);
  try {
    const answer = await askEndpoint(words.endpoint, query, mine.signal);
    const took = `${Math.round(performance.now() - started)} ms`;
    const count = answer.response.ok ? await show(answer, query) : refuse(answer.body);
    if (answer.response.ok) showAdvice(answer.response.headers.get("Query-Advice") ?? "");
    status.textContent = count === null ? took : `${count} ${count === 1 ? words.row : words.rows} · ${took}`;
  } catch (error) {
    status.textContent = mine.signal.aborted ? words.stopped : "";
    if (!mine.signal.aborted) showProblem(result, { title: words.failed, hint: words.failedHint });
  } finally {
    if (running === mine) {
      running = null;
      stop.disabled = true;
      result.classList.remove("waiting");
    }
  }
}

function show(answer, query) {
  const onView = (chosen) => {
    wantedView = chosen;
    share(query, chosen);
  };
  return showBody(result, answer, { prefixes: known.prefixes, words, query, view: wantedView, onView, host: result });
}

function refuse(body) {
  const problem = JSON.parse(body);
  showProblem(result, problem);
  if (problem.suggestion) result.firstElementChild.append(mender(problem.found, problem.suggestion));
  markError(problem);
  return null;
}

/** Shows what a header says of a query that ran; where nothing has a name, an empty result says nothing else. */
function showAdvice(header) {
  const lines = [...header.matchAll(/"([^"]*)";code=(?:reserved-claims;count=(\d+)|unknown-name(?:;meant="([^"]*)")?)/g)].map(([, name, count, meant]) => {
    if (count) return element("li", {}, words.reserved.replaceAll("{name}", name).replace("{count}", count));
    result.querySelector(".empty")?.remove();
    return element("li", {}, words.unknown.replace("{name}", name), meant ? ` ${words.didYouMean} ${meant}? ` : "", meant ? mender(name, meant) : "");
  });
  if (!lines.length) return;
  const box = element("ul", { className: "advice" }, ...lines);
  box.setAttribute("aria-label", words.toKnow);
  result.prepend(box);
}

/** A button that replaces a piece of the query and runs it again. */
function mender(wrong, right) {
  return button(`${words.use} ${right}`, () => {
    const text = view.state.doc.toString();
    const from = text.indexOf(wrong);
    if (from < 0) return;
    view.dispatch({ changes: { from, to: from + wrong.length, insert: right } });
    ask();
  });
}

/** Makes the address and the link those of this query and view, so that they can be shared. */
function share(query, view_) {
  const parameters = { query, ...(view_ ? { view: view_ } : {}) };
  window.history.replaceState(null, "", `#${new URLSearchParams(parameters)}`);
  const link = document.querySelector("#share");
  link.href = addressWith(words.page, parameters);
  link.hidden = false;
}

document.querySelector("#saved").addEventListener("change", ({ target }) => {
  const text = known.questions[target.value];
  if (text === undefined) return;
  if (!tabs.texts.includes(text)) tabs.texts.push(text);
  wantedView = null;
  open(tabs.texts.indexOf(text));
  target.selectedIndex = 0;
  ask();
});
document.querySelector("#format").addEventListener("click", () => { format(); view.focus(); });
run.addEventListener("click", (event) => { event.preventDefault(); ask(); });
stop.addEventListener("click", () => running?.abort());
plain.closest(".plain-query").hidden = true;
document.querySelectorAll("[data-script]").forEach((part) => { part.hidden = false; });
drawTabs();
drawParameters();
if (shared !== null) ask();
host.dataset.ready = "true";
