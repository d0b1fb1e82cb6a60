// Draws things and the claims between them: Cytoscape with a layout that is the same each time and has no labels that overlap.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);

/** In which manner claims are made: `_manner` of `parts/explore/pages.py`. */
const MANNERS = ["plain", "denied", "reserved", "advised", "held", "disputed"];
const DASHES = { reserved: [8, 5], advised: [12, 3, 3, 3], disputed: [4, 4], held: [2, 3] };
/** Kinds with a shade of their own; all others share the last one. */
const SHADES = 6;
/** Below this zoom labels are too small to read, above the other one there is nothing to gain. */
const READABLE = 0.8;
const CLOSE = 1.3;

/** Returns the same numbers each time, so that the same data gives the same picture (mulberry32). */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Reads colours from the style sheet, through elements of its classes: dark mode needs nothing else. */
function readColours() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "probe");
  document.body.append(svg);
  const read = (tag, classes, property) => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", tag);
    part.setAttribute("class", classes);
    svg.append(part);
    return getComputedStyle(part)[property];
  };
  const colours = {
    lines: Object.fromEntries(MANNERS.map((manner) => [manner, read("line", `line ${manner}`, "color")])),
    shades: Array.from({ length: SHADES + 1 }, (_, index) => read("circle", `shade shade-${index}`, "fill")),
    text: read("line", "ink", "color"),
    ground: getComputedStyle(document.body).backgroundColor,
    accent: read("line", "accent", "color"),
  };
  svg.remove();
  return colours;
}

function sheet() {
  const { lines, shades, text, ground, accent } = readColours();
  const font = getComputedStyle(document.body).fontFamily;
  const label = { "font-family": font, color: text, "text-outline-color": ground, "text-outline-width": 2, "text-wrap": "wrap" };
  return [
    { selector: "node", style: { ...label, label: "data(label)", "font-size": 13, "text-max-width": 120, "text-valign": "bottom", "text-margin-y": 4, width: 18, height: 18, "border-width": 1.5, "border-color": text, "overlay-opacity": 0 } },
    ...shades.map((shade, index) => ({ selector: `node[shade = ${index}]`, style: { "background-color": shade } })),
    { selector: "node[?opened]", style: { width: 28, height: 28, "border-width": 3, "font-weight": 700 } },
    { selector: "edge", style: { ...label, "curve-style": "bezier", "control-point-step-size": 26, width: 2, "target-arrow-shape": "triangle", "arrow-scale": 0.9, "font-size": 11, "text-max-width": 150, "text-rotation": "autorotate", "overlay-opacity": 0 } },
    ...MANNERS.map((manner) => ({
      selector: `edge[manner = "${manner}"]`,
      style: {
        "line-color": lines[manner], "target-arrow-color": lines[manner],
        ...(DASHES[manner] ? { "line-style": "dashed", "line-dash-pattern": DASHES[manner] } : {}),
        ...(manner === "denied" ? { "target-arrow-shape": "tee", width: 3, "arrow-scale": 1.5 } : {}),
      },
    })),
    { selector: "edge.told", style: { label: "data(label)" } },
    { selector: ".faint", style: { opacity: 0.28 } },
    { selector: "node.chosen", style: { "border-color": accent, "border-width": 5 } },
    { selector: "edge.chosen", style: { width: 5 } },
  ];
}

/** Pushes nodes apart until no two labels overlap. */
function separate(nodes) {
  const boxes = nodes.map((node) => ({ node, box: node.boundingBox({ includeEdges: false, includeOverlays: false }) }));
  for (let round = 0; round < 80; round += 1) {
    let moved = false;
    for (let i = 0; i < boxes.length; i += 1) {
      for (let j = i + 1; j < boxes.length; j += 1) moved = push(boxes[i], boxes[j]) || moved;
    }
    if (!moved) break;
  }
}

function push(a, b) {
  const across = Math.min(a.box.x2, b.box.x2) - Math.max(a.box.x1, b.box.x1) + 6;
  const down = Math.min(a.box.y2, b.box.y2) - Math.max(a.box.y1, b.box.y1) + 4;
  if (across <= 0 || down <= 0) return false;
  const [axis, amount] = across < down ? ["x", across] : ["y", down];
  const sign = a.node.position(axis) <= b.node.position(axis) ? -1 : 1;
  shift(a, axis, (sign * amount) / 2 + sign * 0.5);
  shift(b, axis, (-sign * amount) / 2 - sign * 0.5);
  return true;
}

function shift(item, axis, by) {
  item.node.position(axis, item.node.position(axis) + by);
  item.box[`${axis}1`] += by;
  item.box[`${axis}2`] += by;
}

/** Returns a layout, which comes out about square, the shape of the canvas. */
function stretch(nodes, factor) {
  nodes.positions((node) => ({ x: node.position("x") * factor, y: node.position("y") / factor }));
}

/** Returns the kinds of things that are shown with their shades, the most frequent kinds first. */
export function kindsOf(nodes) {
  const counts = new Map();
  for (const { kind, kindLabel, shade } of nodes) counts.set(kind, { label: kindLabel, shade, count: (counts.get(kind)?.count ?? 0) + 1 });
  return [...counts.values()].sort((a, b) => b.count - a.count || a.label.localeCompare(b.label));
}

/**
 * Draws into `host`, which takes the focus; `choose(data)` is called with the node or edge that is chosen, or null,
 * `act(data)` when it is opened with Enter or two clicks.
 *
 * Nodes: {id, label, kind, kindLabel, opened}; edges: {id, source, target, label, manner, negated}.
 */
export function drawGraph(host, { choose = () => {}, act = () => {}, not = "not" } = {}) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const cy = cytoscape({ container: host, style: sheet(), minZoom: 0.15, maxZoom: 3, boxSelectionEnabled: false, selectionType: "single" });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(sheet()));

  function pick(element) {
    cy.elements().removeClass("chosen faint told");
    if (!element?.length) {
      choose(null);
      return tellFew();
    }
    const near = element.isNode() ? element.closedNeighborhood() : element.union(element.connectedNodes());
    cy.elements().difference(near).addClass("faint");
    near.edges().addClass("told");
    element.addClass("chosen");
    choose(element.data());
    bring(element);
  }

  /** With few lines all of them can be labelled without a thicket. */
  function tellFew() {
    if (cy.edges().length <= 12) cy.edges().addClass("told");
  }

  function bring(element) {
    const box = element.renderedBoundingBox();
    if (box.x1 >= 0 && box.y1 >= 0 && box.x2 <= cy.width() && box.y2 <= cy.height()) return;
    if (calm.matches) cy.center(element);
    else cy.animate({ center: { eles: element }, duration: 250 });
  }

  function place(before) {
    const options = {
      name: "fcose", animate: false, quality: "proof", nodeDimensionsIncludeLabels: true, nodeSeparation: 70, idealEdgeLength: 78,
      nodeRepulsion: 9000, packComponents: true, padding: 20, fit: false, randomize: !before,
    };
    const random = Math.random;
    Math.random = seeded(7);
    try {
      cy.layout(options).run();
    } finally {
      Math.random = random;
    }
    stretch(cy.nodes(), Math.sqrt(Math.min(Math.max(cy.width() / cy.height(), 0.5), 2)));
    separate(cy.nodes());
  }

  /** Shows all if it stays readable, otherwise the surroundings of what was asked for. */
  function look() {
    cy.fit(undefined, 24);
    if (cy.zoom() >= READABLE && cy.zoom() <= CLOSE) return;
    const asked = cy.nodes("[?opened]");
    const middle = cy.zoom() > CLOSE ? cy.elements() : asked.length ? asked : cy.nodes().first();
    cy.zoom(Math.min(Math.max(cy.zoom(), READABLE), CLOSE));
    cy.center(middle);
  }

  function show({ nodes, edges }) {
    const before = new Map(cy.nodes().map((node) => [node.id(), { ...node.position() }]));
    const kept = nodes.filter(({ id }) => before.has(id)).length > 1;
    const anchor = (id) => edges.map(({ source, target }) => (source === id ? target : target === id ? source : null)).find((other) => before.has(other));
    cy.batch(() => {
      cy.elements().remove();
      nodes.forEach((node, index) => {
        const near = before.get(node.id) ?? before.get(anchor(node.id)) ?? { x: 0, y: 0 };
        const beside = before.has(node.id) ? near : { x: near.x + 60 * Math.cos(index), y: near.y + 60 * Math.sin(index) };
        cy.add({ group: "nodes", data: node, position: beside });
      });
      for (const edge of edges) {
        const label = edge.negated ? `${not}: ${edge.label}` : edge.label;
        cy.add({ group: "edges", data: { ...edge, label } });
      }
    });
    place(kept);
    look();
    tellFew();
    choose(null);
  }

  /** Returns the node that lies most nearly in a direction: neighbours first, then any. */
  function towards(from, dx, dy) {
    const rank = (node) => {
      const [x, y] = [node.position("x") - from.position("x"), node.position("y") - from.position("y")];
      const along = x * dx + y * dy;
      return along <= 0 ? Infinity : Math.hypot(x, y) + 2 * Math.abs(x * dy - y * dx);
    };
    for (const group of [from.openNeighborhood().nodes(), cy.nodes().difference(from)]) {
      const best = group.min(rank);
      if (best.ele && best.value < Infinity) return best.ele;
    }
    return from;
  }

  const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const current = () => cy.elements(".chosen").first();
  const first = () => (cy.nodes("[?opened]").length ? cy.nodes("[?opened]") : cy.nodes()).first();
  /** Things from which lines are gone through one by one. */
  let base = null;
  let turn = 0;

  function nextLine() {
    const chosen = current();
    if (chosen.length && chosen.isNode()) [base, turn] = [chosen, 0];
    const lines = (base?.inside() ? base : first()).connectedEdges();
    if (lines.length) pick(lines[turn++ % lines.length]);
  }

  function zoom(factor) {
    cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
  }

  host.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !cy.nodes().length) return;
    const chosen = current();
    const node = chosen.length ? (chosen.isNode() ? chosen : chosen.source()) : null;
    if (event.key in ARROWS) pick(node ? towards(node, ...ARROWS[event.key]) : first());
    else if (event.key === "Home") pick(first());
    else if (event.key.toLowerCase() === "l") nextLine();
    else if (event.key === "Enter" && chosen.length) act(chosen.data());
    else if (event.key.toLowerCase() === "o" && chosen.length) location.assign(chosen.data("href"));
    else if (event.key === "Escape") pick(null);
    else if (event.key === "+") zoom(1.25);
    else if (event.key === "-") zoom(0.8);
    else if (event.key === "0") cy.fit(undefined, 24);
    else return;
    event.preventDefault();
  });
  cy.on("tap", (event) => pick(event.target === cy ? null : event.target));
  cy.on("dbltap", "node, edge", (event) => act(event.target.data()));
  new ResizeObserver(() => cy.resize()).observe(host);
  // What opens or closes above the drawing moves it, which Cytoscape does not notice by itself.
  host.addEventListener("pointerdown", () => cy.resize(), true);
  return { cy, show, fit: () => cy.fit(undefined, 24), zoom, pick: (id) => pick(cy.getElementById(id)) };
}
