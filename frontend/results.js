// Shows a result: table that can be sorted, filtered and paged, a yes or no, or RDF as text.
const PAGE = 100;
const BASE = "https://w3id.org/digitech-kg/";

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

/** Gives where an IRI leads, or nothing if its scheme is unsafe. */
export function addressOf(iri, root = "") {
  if (iri.startsWith(BASE)) {
    const path = iri.slice(BASE.length);
    return path.startsWith("ontology") ? `${root}/${path}` : `${root}/page/${path}`;
  }
  return /^https?:\/\//.test(iri) ? iri : null;
}

function shorten(iri, prefixes) {
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

function cell(term, prefixes, root) {
  if (!term) return "";
  if (term.type === "uri") {
    const address = addressOf(term.value, root);
    const text = shorten(term.value, prefixes);
    return address ? element("a", { href: address, textContent: text }) : text;
  }
  const note = term["xml:lang"] ?? (term.datatype ? shorten(term.datatype, prefixes) : "");
  const value = typeof term.value === "string" ? term.value : JSON.stringify(term.value);
  return note ? element("span", {}, `${value} `, element("span", { className: "note", textContent: note })) : value;
}

function compare(a, b) {
  const [left, right] = [a?.value ?? "", b?.value ?? ""];
  const numbers = [Number(left), Number(right)];
  return left !== "" && right !== "" && numbers.every(Number.isFinite)
    ? numbers[0] - numbers[1]
    : String(left).localeCompare(String(right));
}

/** Shows solutions in `host`; `words` has the texts in the reader's language. */
export function showTable(host, document_, prefixes, words) {
  const columns = document_.head.vars;
  const all = document_.results.bindings;
  const state = { sort: null, down: false, filter: "", page: 0 };
  const filter = element("input", { type: "search", placeholder: words.filter });
  filter.setAttribute("aria-label", words.filter);
  const table = element("table");
  const scroll = element("div", { className: "scroll", tabIndex: 0 }, table);
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", words.result);
  const pager = element("p", { className: "meta" });
  const text = (row) => columns.map((name) => row[name]?.value ?? "").join("\n").toLowerCase();

  function rows() {
    const wanted = state.filter.toLowerCase();
    const kept = wanted ? all.filter((row) => text(row).includes(wanted)) : [...all];
    if (state.sort !== null) kept.sort((a, b) => compare(a[state.sort], b[state.sort]) * (state.down ? -1 : 1));
    return kept;
  }

  function header(name) {
    const button = element("button", { type: "button", className: "sort", textContent: name });
    const cell_ = element("th", { scope: "col" }, button);
    if (state.sort === name) cell_.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    button.addEventListener("click", () => {
      state.down = state.sort === name && !state.down;
      Object.assign(state, { sort: name, page: 0 });
      draw();
      [...table.querySelectorAll(".sort")].find((other) => other.textContent === name)?.focus();
    });
    return cell_;
  }

  function turn(step, label, possible) {
    const button = element("button", { type: "button", textContent: label, disabled: !possible });
    button.addEventListener("click", () => { state.page += step; draw(); });
    return button;
  }

  function draw() {
    const kept = rows();
    const shown = kept.slice(state.page * PAGE, (state.page + 1) * PAGE);
    const body = shown.map((row) => element("tr", {}, ...columns.map((name) => element("td", {}, cell(row[name], prefixes, words.root)))));
    table.replaceChildren(
      element("thead", {}, element("tr", {}, ...columns.map(header))),
      element("tbody", {}, ...body),
    );
    const last = Math.max(Math.ceil(kept.length / PAGE), 1);
    pager.replaceChildren(`${kept.length} / ${all.length} `);
    if (last > 1) {
      pager.append(turn(-1, words.previous, state.page > 0), ` ${state.page + 1} / ${last} `, turn(1, words.next, state.page + 1 < last));
    }
  }

  filter.addEventListener("input", () => { Object.assign(state, { filter: filter.value, page: 0 }); draw(); });
  host.replaceChildren(filter, pager, scroll);
  draw();
}

export function showText(host, text) {
  host.replaceChildren(element("pre", { tabIndex: 0 }, element("code", { textContent: text })));
}

export function showVerdict(host, text) {
  host.replaceChildren(element("p", { className: "verdict", textContent: text }));
}

export function showProblem(host, problem) {
  const box = element("div", {}, element("p", {}, element("strong", { textContent: problem.title }), `: ${problem.detail ?? ""}`));
  if (problem.hint) box.append(element("p", { textContent: problem.hint }));
  box.setAttribute("role", "alert");
  host.replaceChildren(box);
}
