// Places for the things of a graph: Cytoscape with the fcose layout, without its canvas; loaded when a graph is opened.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);

/** Sets `x` and `y`, the middle of each node, in place; the same graph always looks the same. */
export function arrange({ nodes, edges }) {
  const boxes = nodes.map((node, index) => ({ data: { id: String(index), width: node.width, height: node.height } }));
  const lines = edges.map(({ start, end }, index) => ({ data: { id: `e${index}`, source: String(nodes.indexOf(start)), target: String(nodes.indexOf(end)) } }));
  const drawing = cytoscape({
    headless: true,
    styleEnabled: true,
    elements: [...boxes, ...lines],
    style: [{ selector: "node", style: { shape: "rectangle", width: "data(width)", height: "data(height)" } }],
  });
  // Things with many arrows need longer ones, so that their names do not cover each other.
  const idealEdgeLength = 70 + 25 * Math.min(edges.length / Math.max(nodes.length, 1), 3);
  const random = Math.random;
  Math.random = seeded();
  try {
    drawing.layout({ name: "fcose", animate: false, quality: "proof", nodeSeparation: 60, idealEdgeLength, nodeRepulsion: 5000, packComponents: false, tile: true }).run();
  } finally {
    Math.random = random;
  }
  nodes.forEach((node, index) => Object.assign(node, drawing.getElementById(String(index)).position()));
  drawing.destroy();
}

/** Returns a generator of numbers that begins anew each time (mulberry32). */
function seeded() {
  let state = 20211;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
