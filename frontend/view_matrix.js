// Two columns against each other: how many rows have both values.
import { namingColumns } from "./columns.js";
import { button, element } from "./terms.js";
import { showTable } from "./view_table.js";

const MOST_LINES = 60;

export const matrix = {
  name: "matrix",
  fits(table, words) {
    // Things and labels that come again and again; a value in every row of its own makes no matrix.
    const ends = namingColumns(table).filter(({ distinct, kind, name }) => distinct > 1 && distinct <= MOST_LINES
      && (kind === "resource" || name.endsWith("Label") || distinct < table.rows.length));
    const repeats = ends.filter(({ distinct, bound }) => distinct < bound);
    if (ends.length < 2 || !repeats.length) return null;
    const column = repeats[0];
    const row = ends.find((end) => end !== column && end.name !== `${column.name}Label` && column.name !== `${end.name}Label`);
    if (!row) return null;
    const options = ends.map(({ name }) => [name, table.title(name)]);
    return [
      { key: "rows", label: words.lines, options, value: row.name },
      { key: "columns", label: words.columns, options, value: column.name },
    ];
  },
  draw(host, table, chosen, context) {
    const { cells, across, down } = countCells(table, chosen);
    const most = Math.max(...[...cells.values()].map((rows) => rows.length), 1);
    const beside = element("div");
    const head = element("tr", {}, element("th", { scope: "col", textContent: `${table.title(chosen.rows)} \\ ${table.title(chosen.columns)}` }),
      ...across.map((name) => element("th", { scope: "col", textContent: name })));
    const lines = down.map((name) => element("tr", {}, element("th", { scope: "row", textContent: name }),
      ...across.map((other) => cell(cells.get(`${name}\n${other}`), `${name}, ${other}`))));
    const grid = element("table", { className: "matrix" }, element("thead", {}, head), element("tbody", {}, ...lines));
    const scroll = element("div", { className: "scroll", tabIndex: 0 }, grid);
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", context.words.matrix);
    host.append(element("p", { className: "meta", textContent: context.words.matrixHint }), scroll, beside);

    function cell(found, name) {
      if (!found) return element("td", { className: "number" });
      const open = button(found.length.toLocaleString(), () => {
        beside.replaceChildren(element("h2", { textContent: name }));
        showTable(beside, { columns: table.columns, rows: found }, context);
        beside.scrollIntoView({ block: "nearest" });
      });
      open.className = "cell";
      open.setAttribute("aria-label", `${name}: ${open.textContent}`);
      return element("td", { className: `number heat-${Math.ceil((found.length / most) * 4)}` }, open);
    }
  },
};

function countCells(table, { rows, columns }) {
  const [cells, across, down] = [new Map(), new Set(), new Set()];
  for (const row of table.rows) {
    if (!row[rows] || !row[columns]) continue;
    const [name, other] = [table.label(row, rows), table.label(row, columns)];
    down.add(name);
    across.add(other);
    const key = `${name}\n${other}`;
    cells.set(key, [...(cells.get(key) ?? []), row]);
  }
  const sorted = (names) => [...names].sort((a, b) => a.localeCompare(b));
  return { cells, across: sorted(across), down: sorted(down) };
}
