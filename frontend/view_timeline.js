// Rows with a time as bars along an axis; what the data leaves vague is dashed.
import { namingColumns } from "./columns.js";
import { figure, label, svg, ticks, widthOf } from "./svg.js";
import { parseTime } from "./times.js";
import { element } from "./terms.js";

const MOST_ROWS = 200;
const ROW = 34;
/** Up to this many years the axis has only those in use, so that one early year does not squeeze all others. */
const MOST_YEARS = 40;

export const timeline = {
  name: "timeline",
  fits(table, words) {
    const times = table.of("time").map(({ name }) => name);
    const labels = namingColumns(table).map(({ name }) => name);
    if (!times.length || !labels.length) return null;
    const settings = [
      { key: "label", label: words.labels, options: labels.map((name) => [name, table.title(name)]), value: labels[0] },
      { key: "from", label: words.time, options: times.map((name) => [name, table.title(name)]), value: times[0] },
    ];
    if (times.length > 1) settings.push({ key: "to", label: words.until, options: [["", "–"], ...times.map((name) => [name, table.title(name)])], value: times[1] });
    return settings;
  },
  draw(host, table, chosen, { words }) {
    const all = table.rows.flatMap((row) => momentOf(table, row, chosen)).sort((a, b) => a.start - b.start || a.end - b.end);
    const moments = all.slice(0, MOST_ROWS);
    const undated = table.rows.length - all.length;
    const notes = [`${moments.length}${moments.length < all.length ? ` / ${all.length}` : ""} ${words.times}`];
    if (undated) notes.push(`${undated} ${words.undated}`);
    if (moments.some(({ vague }) => vague)) notes.push(words.vague);
    if (!moments.length) return void host.append(element("p", { textContent: notes.join(" · ") }));
    const title = `${words.timeline} · ${table.title(chosen.label)}`;
    figure(host, { title, words, description: notes.join(" · "), draw: (width) => drawMoments(moments, width) });
  },
};

function momentOf(table, row, { label: by, from, to }) {
  if (!row[by]) return [];
  const first = row[from] && parseTime(row[from].value);
  const last = to && row[to] ? parseTime(row[to].value) : first;
  if (!first || !last || last.end < first.start) return [];
  const times = [table.label(row, from), ...(to && row[to] ? [table.label(row, to)] : [])];
  return [{ start: first.start, end: last.end, vague: first.vague || last.vague, text: table.label(row, by), time: times.join(" – ") }];
}

/** Returns a place for each moment and the marks of the axis. */
function axisOf(moments, width) {
  const [low, high] = [Math.min(...moments.map(({ start }) => start)), Math.max(...moments.map(({ end }) => end))];
  const used = new Set();
  for (const { start, end } of moments) for (let year = Math.floor(start); year < end && used.size <= MOST_YEARS; year++) used.add(year);
  const years = [...used].sort((a, b) => a - b);
  if (years.length > MOST_YEARS) {
    const at = (time) => ((time - low) / (high - low || 1)) * width;
    return { at, marks: ticks(low, high, Math.max(width / 110, 2)).filter(Number.isInteger).map((year) => ({ x: at(year), text: String(year) })) };
  }
  const step = width / years.length;
  const at = (time) => {
    const year = used.has(Math.floor(time)) ? Math.floor(time) : Math.floor(time - 1e-6);
    return (years.indexOf(year) + time - year) * step;
  };
  const every = Math.ceil(62 / step);
  const marks = years.map((year, index) => ({ x: index * step, gap: index > 0 && years[index - 1] !== year - 1, text: index % every ? "" : String(year) }));
  return { at, marks };
}

function drawMoments(moments, width) {
  const { at, marks } = axisOf(moments, width - 2);
  const height = 30 + moments.length * ROW;
  const axis = marks.map(({ x, gap, text }) => svg("g", {},
    svg("line", { class: gap ? "axis gap" : "axis", x1: x + 1, x2: x + 1, y1: 18, y2: height }),
    svg("text", { x: x + 4, y: 13 }, text && gap ? `… ${text}` : text)));
  const bars = moments.map(({ start, end, vague, text, time }, index) => {
    const [x, y] = [at(start) + 1, 28 + index * ROW];
    const long = Math.max(at(end) - at(start), 6);
    const shown = `${text} (${time})`;
    // Text goes to the side where there is room for it.
    const right = x + widthOf(shown) > width && x + long > width - x;
    return svg("g", {},
      svg("rect", { class: vague ? "vague" : "sure", x: Math.min(x, width - long - 1), y, width: long, height: 9, rx: 3 }, svg("title", {}, shown)),
      label(shown, right ? x + long : width - x, right ? { x: Math.min(x + long, width - 1), y: y + 23, "text-anchor": "end" } : { x, y: y + 23 }));
  });
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height }, ...axis, ...bars);
}
