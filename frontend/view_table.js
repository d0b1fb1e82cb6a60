// A result as a table that can be sorted, filtered and paged.
import { button, cellOf, element, shorten, textOf } from "./terms.js";

const PAGE = 100;

function compare(a, b) {
  const [left, right] = [a?.value ?? "", b?.value ?? ""];
  const numbers = [Number(left), Number(right)];
  return left !== "" && right !== "" && numbers.every(Number.isFinite)
    ? numbers[0] - numbers[1]
    : String(left).localeCompare(String(right));
}

export const table = {
  name: "table",
  fits: () => [],
  draw: (host, read, _chosen, context) => showTable(host, read, context),
};

/** Shows rows in `host`. */
export function showTable(host, { columns, rows: all }, context) {
  const { words, prefixes } = context;
  const state = { sort: null, down: false, filter: "", page: 0 };
  const filter = element("input", { type: "search", placeholder: words.filter });
  filter.setAttribute("aria-label", words.filter);
  const body = element("table", { className: columns.some(({ title }) => title) ? "stack" : "" });
  const scroll = element("div", { className: "scroll", tabIndex: 0 }, body);
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", words.resultTable);
  const pager = element("p", { className: "meta pager" });
  pager.setAttribute("aria-live", "polite");
  const text = (row) => columns.map(({ name }) => `${textOf(row[name], prefixes)} ${shorten(row[name]?.value ?? "", prefixes)}`).join("\n").toLowerCase();

  function kept() {
    const wanted = state.filter.toLowerCase();
    const found = wanted ? all.filter((row) => text(row).includes(wanted)) : [...all];
    if (state.sort !== null) found.sort((a, b) => compare(a[state.sort], b[state.sort]) * (state.down ? -1 : 1));
    return found;
  }

  function header({ name, title = name, kind }) {
    const sort = element("button", { type: "button", className: "sort", textContent: title });
    const cell = element("th", { scope: "col", className: kind === "number" ? "number" : "" }, sort);
    if (state.sort === name) cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    sort.addEventListener("click", () => {
      state.down = state.sort === name && !state.down;
      Object.assign(state, { sort: name, page: 0 });
      draw();
      [...body.querySelectorAll(".sort")].find((other) => other.textContent === title)?.focus();
    });
    return cell;
  }

  function turn(step, label, possible) {
    const made = button(label, () => { state.page += step; draw(); scroll.scrollTop = 0; });
    made.disabled = !possible;
    return made;
  }

  function cell(row, { name, title = "", kind }) {
    const made = element("td", { className: kind === "number" ? "number" : "" }, row[name] ? cellOf(row[name], context) : "");
    if (title) made.dataset.l = title;
    return made;
  }

  const line = (row) => element("tr", {}, ...columns.map((column) => cell(row, column)));

  function draw() {
    const found = kept();
    const shown = found.slice(state.page * PAGE, (state.page + 1) * PAGE);
    body.replaceChildren(
      element("thead", {}, element("tr", {}, ...columns.map(header))),
      element("tbody", {}, ...shown.map(line)),
    );
    const last = Math.max(Math.ceil(found.length / PAGE), 1);
    const rows = all.length === 1 ? words.row : words.rows;
    pager.replaceChildren(found.length === all.length ? `${all.length} ${rows} ` : `${found.length} / ${all.length} ${rows} `);
    if (last > 1) {
      const place = element("span", { textContent: ` ${state.page + 1} / ${last} ` });
      pager.append(turn(-1, words.previous, state.page > 0), place, turn(1, words.next, state.page + 1 < last));
    }
    scroll.hidden = found.length === 0;
    if (!found.length) pager.append(element("span", { textContent: words.noRow }));
  }

  filter.addEventListener("input", () => { Object.assign(state, { filter: filter.value, page: 0 }); draw(); });
  host.append(element("div", { className: "table-tools" }, filter, pager), scroll);
  draw();
}
