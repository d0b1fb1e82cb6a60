// Two columns as the ends of arrows, a third as their names. Cytoscape finds the places; the drawing is SVG, so that
// every thing in it is a link that a keyboard reaches.
import { namingColumns } from "./columns.js";
import { keep, label, svg, widthOf } from "./svg.js";
import { addressOf, button, element } from "./terms.js";

/** More things than these make a ball that says nothing. */
const MOST_NODES = 120;
const MOST_EDGE_NAMES = 70;
const HEIGHT = 26;

export const graph = {
  name: "graph",
  fits(table, words) {
    if (table.isRdf) return [];
    const ends = namingColumns(table).filter(({ kind, name }) => kind === "resource" || name.endsWith("Label"));
    const named = (pattern) => ends.find(({ name }) => pattern.test(name))?.name;
    const twin = (a, b) => a === `${b}Label` || b === `${a}Label`;
    const from = named(/^(s|subject|from|source)(Label)?$/i) ?? ends.find(({ name }) => !/^(p|predicate|property|certainty)$/i.test(name))?.name;
    const to = named(/^(o|object|to|target)(Label)?$/i) ?? ends.find(({ name }) => name !== from && !twin(name, from) && !/^(p|predicate|property|certainty)$/i.test(name))?.name;
    if (!from || !to || from === to) return null;
    const options = ends.map(({ name }) => [name, table.title(name)]);
    const edge = named(/^(p|predicate|property|relation|link)(Label)?$/i) ?? "";
    return [
      { key: "from", label: words.from, options, value: from },
      { key: "to", label: words.to, options, value: to },
      { key: "edge", label: words.arrow, options: [["", "–"], ...table.of("resource", "text").map(({ name }) => [name, table.title(name)])], value: edge },
    ];
  },
  async draw(host, table, settings, context) {
    const { words } = context;
    const chosen = table.isRdf ? { from: "subject", to: "object", edge: "predicate" } : settings;
    const place = element("p", { className: "meta", textContent: words.loading });
    host.append(place);
    const read = readGraph(table, chosen, context);
    const { arrange } = await import("./arrange.js");
    arrange(read);
    if (!place.isConnected) return;
    place.remove();
    show(host, read, context);
  },
};

/** Returns nodes and edges, the best connected things first if there are too many. */
function readGraph(table, { from, to, edge }, { words }) {
  const [nodes, edges] = [new Map(), new Map()];
  let values = 0;
  const node = (row, name) => {
    const term = row[name];
    const id = term.value;
    const text = table.label(row, name);
    if (!nodes.has(id)) nodes.set(id, { id, text, address: term.href ?? (term.type === "uri" ? addressOf(id, words.base, words.root) : null), side: name, degree: 0 });
    return nodes.get(id);
  };
  for (const row of table.rows) {
    if (!row[from] || !row[to]) continue;
    if (table.isRdf && row[to].type === "literal") { values += 1; continue; }
    const [start, end] = [node(row, from), node(row, to)];
    const text = edge && row[edge] ? table.label(row, edge) : "";
    const key = `${start.id}\n${end.id}`;
    const known = edges.get(key);
    if (known) { known.texts.add(text); continue; }
    edges.set(key, { start, end, texts: new Set([text]) });
    start.degree += 1;
    end.degree += 1;
  }
  const kept = [...nodes.values()].sort((a, b) => b.degree - a.degree).slice(0, MOST_NODES);
  const has = new Set(kept);
  for (const one of kept) Object.assign(one, { width: Math.min(widthOf(one.text), 225) + 18, height: HEIGHT });
  return { first: from, nodes: kept, edges: [...edges.values()].filter(({ start, end }) => has.has(start) && has.has(end)), all: nodes.size, values };
}

/** Returns where the line to a box's middle meets its edge. */
function borderOf(box, other) {
  const [dx, dy] = [other.x - box.x, other.y - box.y];
  const reach = Math.min(dx ? box.width / 2 / Math.abs(dx) : Infinity, dy ? box.height / 2 / Math.abs(dy) : Infinity, 1);
  return [box.x + dx * reach, box.y + dy * reach];
}

function drawEdge({ start, end, texts }, named) {
  if (start === end) return svg("g");
  const [[x1, y1], [x2, y2]] = [borderOf(start, end), borderOf(end, start)];
  const text = [...texts].filter(Boolean).join(", ");
  const line = svg("path", { class: "edge", d: `M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`, "marker-end": "url(#arrow)" },
    svg("title", {}, `${start.text} → ${end.text}${text ? `: ${text}` : ""}`));
  if (!named || !text) return svg("g", {}, line);
  return svg("g", {}, line, label(text, 160, { class: "quiet", x: (x1 + x2) / 2, y: (y1 + y2) / 2 + 4, "text-anchor": "middle" }));
}

function drawNode(node, first) {
  const { x, y, width, height, text, address, side } = node;
  const box = svg("rect", { class: side === first ? "node first" : "node", x: x - width / 2, y: y - height / 2, width, height, rx: 6 });
  const name = label(text, width - 14, { x, y: y + 4.5, "text-anchor": "middle" });
  return address ? svg("a", { href: address, "aria-label": text }, box, name) : svg("g", {}, box, name);
}

function show(host, { first, nodes, edges, all, values }, { words }) {
  const edge = (side, pick) => (nodes.length ? pick(...nodes.map(side)) : 0);
  const [left, right] = [edge((n) => n.x - n.width / 2, Math.min) - 10, edge((n) => n.x + n.width / 2, Math.max) + 10];
  const [top, bottom] = [edge((n) => n.y - n.height / 2, Math.min) - 10, edge((n) => n.y + n.height / 2, Math.max) + 10];
  const size = { width: right - left, height: bottom - top };
  const arrow = svg("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" },
    svg("path", { class: "arrow", d: "M0 0L8 4L0 8z" }));
  const lines = edges.map((one) => drawEdge(one, edges.length <= MOST_EDGE_NAMES));
  const boxes = nodes.map((node) => drawNode(node, first));
  const picture = svg("svg", { class: "chart network", viewBox: `${left} ${top} ${size.width} ${size.height}`, role: "group", "aria-label": words.graph },
    svg("defs", {}, arrow), ...lines, ...boxes);
  light(picture, nodes, boxes, edges, lines);
  const notes = [`${nodes.length}${nodes.length < all ? ` / ${all}` : ""} ${words.things}, ${edges.length} ${words.arrows}`];
  if (values) notes.push(`${values} ${words.literalsLeftOut}`);
  frame(host, picture, size, notes.join(" · "), words);
}

/** Brings out what a thing is connected with while it is pointed at or has the focus. */
function light(picture, nodes, boxes, edges, lines) {
  nodes.forEach((node, index) => {
    const near = new Set(edges.filter(({ start, end }) => start === node || end === node).flatMap(({ start, end }) => [start, end]));
    const on = () => {
      picture.classList.add("dimmed");
      boxes.forEach((box, other) => box.classList.toggle("near", nodes[other] === node || near.has(nodes[other])));
      lines.forEach((line, other) => line.classList.toggle("near", edges[other].start === node || edges[other].end === node));
    };
    const off = () => picture.classList.remove("dimmed");
    for (const event of ["pointerenter", "focusin"]) boxes[index].addEventListener(event, on);
    for (const event of ["pointerleave", "focusout"]) boxes[index].addEventListener(event, off);
  });
}

/** Puts a drawing into a frame that scrolls, with buttons that make it larger and smaller. */
function frame(host, picture, size, description, words) {
  const scroll = element("div", { className: "scroll drawing network-frame", tabIndex: 0 }, picture);
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", words.graph);
  let scale = 1;
  const zoom = (to) => {
    scale = Math.min(Math.max(to, 0.2), 3);
    picture.setAttribute("width", size.width * scale);
    picture.setAttribute("height", size.height * scale);
  };
  const fit = () => zoom(Math.min((scroll.clientWidth - 4) / size.width, 1.2));
  const smaller = button("−", () => zoom(scale / 1.25));
  const larger = button("+", () => zoom(scale * 1.25));
  smaller.setAttribute("aria-label", words.smaller);
  larger.setAttribute("aria-label", words.larger);
  const tools = element("p", { className: "buttons tools" }, larger, smaller, button(words.fit, fit), button(words.savePicture, () => keep(picture, words.graph)));
  host.append(element("figure", { className: "figure" }, tools, scroll, element("figcaption", { className: "meta", textContent: description })));
  // Text that is too small to read is no use: then the picture is larger than its frame, and begins in its middle.
  fit();
  if (scale < 0.8) zoom(0.8);
  scroll.scrollLeft = (scroll.scrollWidth - scroll.clientWidth) / 2;
  scroll.scrollTop = (scroll.scrollHeight - scroll.clientHeight) / 2;
  drag(scroll);
}

/** Lets a mouse pull the drawing; fingers scroll by themselves. */
function drag(scroll) {
  let last = null;
  scroll.addEventListener("pointerdown", (event) => { if (event.pointerType === "mouse" && !event.target.closest("a")) last = event; });
  scroll.addEventListener("pointermove", (event) => {
    if (!last) return;
    scroll.scrollLeft -= event.clientX - last.clientX;
    scroll.scrollTop -= event.clientY - last.clientY;
    last = event;
  });
  for (const event of ["pointerup", "pointerleave"]) scroll.addEventListener(event, () => { last = null; });
}
