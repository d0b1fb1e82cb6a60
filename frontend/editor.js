// The SPARQL editor: CodeMirror in a shadow root, so that a strict CSP holds.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentSelection } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { sparql } from "codemirror-lang-sparql";
import { showProblem, showTable, showText, showVerdict } from "./results.js";
import { keepTabs, loadTabs } from "./tabs.js";

const host = document.querySelector("#editor");
const words = host.dataset;
const result = document.querySelector("#result");
const status = document.querySelector("#status");
const list = document.querySelector("#tabs");
const plain = document.querySelector("#query");
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
  const found = await (await fetch(`${words.complete}?q=${encodeURIComponent(word.text)}`)).json();
  const options = found.map(({ curie, label, kind, definition }) => ({
    label: curie, detail: label, info: definition || undefined, type: kind, apply: insert,
  }));
  return { from: word.from, options, filter: false };
}

function insert(view, { label }, from, to) {
  const prefix = label.split(":")[0];
  const changes = [{ from, to, insert: label }, ...declaration(view.state.doc.toString(), prefix)];
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
  ".cm-content": { minHeight: "14rem", caretColor: "var(--fg)", fontFamily: "var(--mono)" },
  ".cm-cursor": { borderLeftColor: "var(--fg)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--muted)", border: "0" },
  "&.cm-focused": { outline: "3px solid var(--accent)" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": { backgroundColor: "var(--mark)" },
  ".cm-tooltip": { backgroundColor: "var(--bg)", color: "var(--fg)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--button)", color: "var(--on-accent)" },
  ".cm-completionDetail": { color: "inherit" },
});

const shared = new URLSearchParams(location.hash.slice(1)).get("query");
const tabs = loadTabs(plain.value);
if (shared !== null) {
  tabs.texts.push(shared);
  tabs.current = tabs.texts.length - 1;
}

const shadow = host.attachShadow({ mode: "open" });
const parent = shadow.appendChild(document.createElement("div"));
const commands = [
  { key: "Ctrl-Enter", mac: "Cmd-Enter", run: () => { ask(); return true; } },
  { key: "Escape", run: () => { if (!running) return false; running.abort(); return true; } },
];
const view = new EditorView({ root: shadow, parent, state: stateOf(tabs.texts[tabs.current]) });

function stateOf(doc) {
  return EditorState.create({
    doc,
    extensions: [
      lineNumbers(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets(), sparql(),
      syntaxHighlighting(colours), look, declareTyped, EditorView.lineWrapping,
      autocompletion({ override: [complete] }), Prec.highest(keymap.of(commands)),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      EditorView.contentAttributes.of({ "aria-label": words.label }),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        tabs.texts[tabs.current] = update.state.doc.toString();
        keepTabs(tabs);
      }),
    ],
  });
}

function open(index) {
  tabs.current = index;
  view.setState(stateOf(tabs.texts[index]));
  keepTabs(tabs);
  drawTabs();
}

function button(text, action, pressed) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  if (pressed !== undefined) made.setAttribute("aria-pressed", String(pressed));
  made.addEventListener("click", action);
  return made;
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
  history_(query);
  stop.disabled = false;
  status.textContent = "…";
  const started = performance.now();
  try {
    const headers = { Accept: "application/sparql-results+json, text/turtle;q=0.9", "Content-Type": "application/sparql-query" };
    const answer = await fetch(words.endpoint, { method: "POST", headers, body: query, signal: mine.signal });
    const body = await answer.text();
    status.textContent = `${Math.round(performance.now() - started)} ms`;
    show(answer, body);
  } catch (error) {
    status.textContent = mine.signal.aborted ? words.stopped : "";
    if (!mine.signal.aborted) showProblem(result, { title: words.failed, detail: String(error) });
  } finally {
    if (running === mine) { running = null; stop.disabled = true; }
  }
}

function show(answer, body) {
  if (!answer.ok) {
    const problem = JSON.parse(body);
    showProblem(result, problem);
    markError(problem);
  } else if (!answer.headers.get("Content-Type").includes("json")) {
    showText(result, body);
  } else {
    const read = JSON.parse(body);
    if ("boolean" in read) showVerdict(result, read.boolean ? words.yes : words.no);
    else showTable(result, read, known.prefixes, words);
  }
}

/** Makes the address and the links those of this query, so that they can be shared. */
function history_(query) {
  window.history.replaceState(null, "", `#${new URLSearchParams({ query })}`);
  document.querySelector("#share").href = `${words.page}?${new URLSearchParams({ query })}`;
  document.querySelector("#share").hidden = false;
}

document.querySelector("#saved").addEventListener("change", ({ target }) => {
  const text = known.questions[target.value];
  if (text === undefined) return;
  tabs.texts.push(text);
  open(tabs.texts.length - 1);
  target.selectedIndex = 0;
  ask();
});
document.querySelector("#format").addEventListener("click", () => {
  const before = view.state.selection.main.head;
  view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } });
  indentSelection(view);
  view.dispatch({ selection: { anchor: Math.min(before, view.state.doc.length) } });
});
run.addEventListener("click", (event) => { event.preventDefault(); ask(); });
stop.addEventListener("click", () => running?.abort());
plain.closest(".plain-query").hidden = true;
document.querySelectorAll("[data-script]").forEach((part) => { part.hidden = false; });
drawTabs();
if (shared !== null) ask();
host.dataset.ready = "true";
