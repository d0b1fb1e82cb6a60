// Bars or a line: a column of labels against a column of numbers, one bar or point for each row. Nothing is added up:
// figures of several sources, or of several years, make no sum.
import { namingColumns, numberOf } from "./columns.js";
import { figure, label, svg, ticks, widthOf } from "./svg.js";
import { parseTime } from "./times.js";

const MOST_BARS = 80;
const ROW = 26;

export const chart = {
  name: "chart",
  fits(table, words) {
    const numbers = table.of("number").map(({ name }) => name);
    const ordered = table.of("time", "number").map(({ name }) => name);
    const named = namingColumns(table);
    const labels = [...named.map(({ name }) => name), ...ordered];
    const values = numbers.map((name) => [name, table.title(name)]);
    const by = labels.find((name) => name !== numbers[0]);
    if (!values.length || !by || table.rows.length < 2) return null;
    const settings = [
      { key: "label", label: words.labels, options: labels.map((name) => [name, table.title(name)]), value: by },
      { key: "value", label: words.values, options: values, value: values[0][0] },
    ];
    if (ordered.some((name) => name !== values[0][0])) {
      settings.unshift({ key: "type", label: words.kind, options: [["bar", words.bars], ["line", words.line]], value: "bar" });
    }
    return settings;
  },
  draw(host, table, chosen, { words }) {
    const title = `${table.title(chosen.value)} · ${table.title(chosen.label)}`;
    const points = chosen.type === "line" ? pointsOf(table, chosen) : null;
    if (points && points.length > 1) {
      figure(host, { title, words, description: `${points.length} ${words.points}`, draw: (width) => drawLine(points, width, chosen) });
      return;
    }
    const bars = barsOf(table, chosen);
    const shown = bars.slice(0, MOST_BARS);
    const description = shown.length < bars.length ? `${shown.length} / ${bars.length} ${words.barsShown}` : `${bars.length} ${words.barsShown}`;
    figure(host, { title, words, description: points ? `${words.noLine} ${description}` : description, draw: (width) => drawBars(shown, width) });
  },
};

/** Returns label and number of each row. Where rows share a label, theirs say what else tells the rows apart. */
function barsOf(table, { label: by, value }) {
  const rows = table.rows.filter((row) => row[by] && Number.isFinite(numberOf(row[value])));
  const isShared = new Set(rows.map((row) => table.label(row, by))).size < rows.length;
  const others = isShared ? [...namingColumns(table), ...table.of("time")].map(({ name }) => name) : [];
  return rows.map((row) => {
    const beside = others.filter((name) => name !== by && name !== `${by}Label` && row[name]).map((name) => table.label(row, name));
    return [[...new Set([table.label(row, by), ...beside])].join(" · "), numberOf(row[value])];
  });
}

function pointsOf(table, { label: by, value }) {
  const place = (term) => (term ? parseTime(term.value)?.start : undefined);
  const isTime = table.columns.some(({ name, kind }) => name === by && kind === "time");
  return table.rows
    .map((row) => ({ x: isTime ? place(row[by]) : numberOf(row[by]), y: numberOf(row[value]), text: table.label(row, by) }))
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
    .sort((a, b) => a.x - b.x);
}

/** Returns a number as people write it. */
function written(number) {
  return Number(number.toPrecision(12)).toLocaleString();
}

function drawBars(bars, width) {
  const narrow = width < 560;
  const widest = Math.max(...bars.map(([text]) => widthOf(text)), 0);
  const left = narrow ? 0 : Math.min(widest + 12, width * 0.4);
  const room = Math.max(...bars.map(([, size]) => widthOf(written(size))), 0) + 12;
  const [low, high] = [Math.min(0, ...bars.map(([, size]) => size)), Math.max(0, ...bars.map(([, size]) => size))];
  const negative = low < 0 ? room : 0;
  const scale = (size) => left + negative + ((size - low) / (high - low || 1)) * (width - left - room - negative);
  const row = narrow ? ROW + 18 : ROW;
  const drawn = bars.map(([text, size], index) => {
    const top = index * row + (narrow ? 20 : 4);
    const [from, to] = [scale(Math.min(size, 0)), scale(Math.max(size, 0))];
    return svg("g", {},
      narrow
        ? label(text, width - 8, { x: 0, y: top - 5 })
        : label(text, left - 12, { x: left - 8, y: top + 13, "text-anchor": "end" }),
      svg("rect", { class: "sure", x: from, y: top, width: Math.max(to - from, 1), height: ROW - 8, rx: 2 }, svg("title", {}, `${text}: ${written(size)}`)),
      svg("text", size < 0 ? { x: from - 5, y: top + 13, "text-anchor": "end" } : { x: to + 5, y: top + 13 }, written(size)));
  });
  const height = bars.length * row + 6;
  const axis = svg("line", { class: "axis", x1: scale(0), x2: scale(0), y1: 0, y2: height });
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, axis, ...drawn);
}

function drawLine(points, width, { value }) {
  const height = Math.min(Math.max(width * 0.5, 220), 420);
  const sizes = points.map(({ y }) => y);
  const marks = ticks(Math.min(0, ...sizes), Math.max(...sizes));
  const [bottom, top] = [Math.min(0, ...sizes), Math.max(...sizes, marks.at(-1) ?? 0)];
  const left = Math.max(...marks.map((mark) => widthOf(written(mark)))) + 14;
  const across = (x) => left + 8 + ((x - points[0].x) / (points.at(-1).x - points[0].x || 1)) * (width - left - 34);
  const up = (y) => height - 28 - ((y - bottom) / (top - bottom || 1)) * (height - 56);
  const lines = marks.map((mark) => svg("g", {},
    svg("line", { class: "axis", x1: left, x2: width, y1: up(mark), y2: up(mark) }),
    svg("text", { x: left - 6, y: up(mark) + 4, "text-anchor": "end" }, written(mark))));
  const below = ticks(points[0].x, points.at(-1).x, Math.max(Math.floor(width / 110), 2)).map((mark) =>
    svg("text", { x: across(mark), y: height - 8, "text-anchor": "middle" }, String(mark)));
  const path = points.map(({ x, y }, index) => `${index ? "L" : "M"}${across(x).toFixed(1)} ${up(y).toFixed(1)}`).join("");
  const dots = points.map(({ x, y, text }) =>
    svg("circle", { class: "sure", cx: across(x), cy: up(y), r: 4 }, svg("title", {}, `${text}: ${written(y)}`)));
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, ...lines, ...below,
    svg("path", { class: "curve", d: path }), svg("text", { x: left, y: 14 }, value), ...dots);
}
