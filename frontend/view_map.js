// Places as points on a grid of latitude and longitude, with coastlines that come with the page: nothing is asked of others.
import { namingColumns, numberOf, onEarth, parsePoint } from "./columns.js";
import { figure, label, svg, ticks, widthOf } from "./svg.js";

const MOST_POINTS = 500;
const LATITUDE = /^(lat|latitude|breddegrad)$/i;
const LONGITUDE = /^(lon|lng|long|longitude|lengdegrad)$/i;

export const map = {
  name: "map",
  fits(table, words) {
    const points = table.of("point").map(({ name }) => name);
    const [latitude, longitude] = [LATITUDE, LONGITUDE].map((named) => table.of("number").find(({ name }) => named.test(name)));
    const sources = [...points.map((name) => [name, name]), ...(latitude && longitude ? [["", `${latitude.name}, ${longitude.name}`]] : [])];
    if (!sources.length) return null;
    const labels = [...namingColumns(table).map(({ name }) => [name, name]), ["", "–"]];
    return [
      { key: "label", label: words.labels, options: labels, value: labels[0][0] },
      { key: "place", label: words.place, options: sources, value: sources[0][0] },
    ];
  },
  draw(host, table, chosen, { words }) {
    const all = placesOf(table, chosen);
    const places = all.slice(0, MOST_POINTS);
    const outside = table.rows.length - all.length;
    const notes = [`${places.length}${places.length < all.length ? ` / ${all.length}` : ""} ${words.places}`];
    if (outside) notes.push(`${outside} ${words.unplaced}`);
    if (!places.length) return void host.append(notes.join(" · "));
    figure(host, { title: words.map, words, description: notes.join(" · "), draw: (width) => drawMap(places, width) });
  },
};

function placesOf(table, { label: by, place }) {
  const [latitude, longitude] = [LATITUDE, LONGITUDE].map((named) => table.of("number").find(({ name }) => named.test(name))?.name);
  return table.rows.flatMap((row) => {
    const at = place ? row[place] && parsePoint(row[place].value) : onEarth(numberOf(row[longitude]), numberOf(row[latitude]));
    return at ? [{ x: at[0], y: at[1], text: by ? table.label(row, by) : "" }] : [];
  });
}

/** Returns the part of the earth that is shown: around the places, and never less than a few degrees. */
function frameOf(places) {
  const [xs, ys] = [places.map(({ x }) => x), places.map(({ y }) => y)];
  const grow = (low, high, least, limit) => {
    const extra = Math.max((high - low) * 0.12, (least - (high - low)) / 2, 0);
    return [Math.max(low - extra, -limit), Math.min(high + extra, limit)];
  };
  return { x: grow(Math.min(...xs), Math.max(...xs), 6, 180), y: grow(Math.min(...ys), Math.max(...ys), 4, 90) };
}

function drawMap(places, width) {
  const frame = frameOf(places);
  // Degrees of longitude are as long as in the middle of the picture.
  const narrowing = Math.max(Math.cos(((frame.y[0] + frame.y[1]) / 2) * (Math.PI / 180)), 0.2);
  const inner = width - 44;
  const height = Math.min(Math.max(((frame.y[1] - frame.y[0]) / ((frame.x[1] - frame.x[0]) * narrowing)) * inner, 200), 620);
  const across = (x) => 40 + ((x - frame.x[0]) / (frame.x[1] - frame.x[0])) * inner;
  const up = (y) => 4 + ((frame.y[1] - y) / (frame.y[1] - frame.y[0])) * height;
  const meridians = ticks(...frame.x, Math.max(width / 120, 2)).map((degree) => svg("g", {},
    svg("line", { class: "axis", x1: across(degree), x2: across(degree), y1: 4, y2: height + 4 }),
    svg("text", { class: "quiet", x: across(degree), y: height + 20, "text-anchor": "middle" }, degrees(degree, "E", "W"))));
  const parallels = ticks(...frame.y, 5).map((degree) => svg("g", {},
    svg("line", { class: "axis", x1: 40, x2: width - 4, y1: up(degree), y2: up(degree) }),
    svg("text", { class: "quiet", x: 36, y: up(degree) + 4, "text-anchor": "end" }, degrees(degree, "N", "S"))));
  const free = roomFor(places.map(({ x, y }) => ({ x: across(x) - 5, y: up(y) + 4, long: 10 })));
  const points = places.map(({ x, y, text }) => {
    const [left, top] = [across(x), up(y)];
    const dot = svg("circle", { class: "place", cx: left, cy: top, r: 5 }, svg("title", {}, `${text} ${y}°, ${x}°`.trim()));
    const name = text && nameOf(text, left, top, width, free);
    return svg("g", {}, dot, ...(name ? [name] : []));
  });
  const land = svg("path", { class: "land" });
  drawLand(land, frame, across, up);
  return svg("svg", { viewBox: `0 0 ${width} ${height + 26}`, width, height: height + 26 }, land, ...meridians, ...parallels, ...points);
}

/** Draws the land of a frame once its outlines are there; a map that nobody looks at loads none. */
async function drawLand(path, frame, across, up) {
  const { landRings } = await import("./land.js");
  const into = (value, [low, high]) => Math.min(Math.max(value, low), high);
  const near = landRings().filter((ring) => ring.some(([x, y]) => x > frame.x[0] && x < frame.x[1] && y > frame.y[0] && y < frame.y[1]) || covers(ring, frame));
  // What lies outside of the frame is moved to its edge, so that no outline leaves the picture.
  const line = (ring) => ring.map(([x, y]) => `${across(into(x, frame.x)).toFixed(1)} ${up(into(y, frame.y)).toFixed(1)}`).join("L");
  path.setAttribute("d", near.map((ring) => `M${line(ring)}Z`).join(""));
}

/** Whether a ring reaches beyond a frame on all sides, as that of a continent does around a small country. */
function covers(ring, { x, y }) {
  return ring.some(([a]) => a < x[0]) && ring.some(([a]) => a > x[1]) && ring.some(([, b]) => b < y[0]) && ring.some(([, b]) => b > y[1]);
}

/** Returns a name beside its point: right, left, below or above, where it covers no other; or nothing. */
function nameOf(text, left, top, width, free) {
  const long = widthOf(text);
  const sides = [[left + 9, top + 4], [left - 9 - long, top + 4], [left - long / 2, top + 19], [left - long / 2, top - 10]];
  const side = sides.find(([x, y]) => x > 0 && x + long < width && free(x, y, long));
  return side && label(text, long + 1, { x: side[0], y: side[1] });
}

function degrees(degree, positive, negative) {
  return `${Math.abs(degree)}°${degree > 0 ? positive : degree < 0 ? negative : ""}`;
}

/** Returns a function that says whether a name can stand here without covering one that stands already. */
function roomFor(taken) {
  return (x, y, long) => {
    const clash = taken.some((other) => x < other.x + other.long && other.x < x + long && Math.abs(y - other.y) < 15);
    if (!clash) taken.push({ x, y, long });
    return !clash;
  };
}
