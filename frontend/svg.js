// Drawings in SVG: elements, scales, and a figure with its name, its size and a way to keep it as a file.
import { button, element } from "./terms.js";

const NAMESPACE = "http://www.w3.org/2000/svg";
/** What a drawing takes from the style sheet and needs when it stands alone. */
const KEPT = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-family", "font-weight", "text-anchor",
  "paint-order", "opacity"];

/** Makes an SVG element with attributes and children. */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Returns text that takes about `width` pixels at 13 px, whole in a title if it had to be cut. */
export function label(text, width, attributes) {
  const room = Math.max(Math.floor(width / widthOf("n")), 3);
  const cut = [...text].length > room && widthOf(text) > width;
  const node = svg("text", attributes, cut ? `${[...text].slice(0, room - 1).join("")}…` : text);
  if (cut) node.append(svg("title", {}, text));
  return node;
}

/** Estimates the width of text in pixels at 13 px; wide characters such as Chinese count double. */
export function widthOf(text) {
  return [...text].reduce((sum, char) => sum + (char.codePointAt(0) > 0x2e80 ? 13 : 7), 0);
}

/** Returns about `count` round values from `low` to `high`. */
export function ticks(low, high, count = 5) {
  const rough = (high - low || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Shows a drawing, made anew for each width of the page; `draw(width)` gives the SVG. */
export function figure(host, { title, description, draw, words }) {
  const place = element("div", { className: "drawing" });
  const save = button(words.savePicture, () => keep(place.querySelector("svg"), title));
  host.append(element("figure", { className: "figure" }, place,
    element("figcaption", { className: "meta" }, element("span", { textContent: description }), save)));
  let drawn = 0;
  const redraw = () => {
    const width = Math.round(place.clientWidth);
    if (!width || width === drawn) return;
    drawn = width;
    const picture = draw(width);
    picture.classList.add("chart");
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", title);
    picture.prepend(svg("desc", {}, description));
    place.replaceChildren(picture);
  };
  redraw();
  new ResizeObserver(redraw).observe(place);
}

/** Returns the drawing as a file that looks the same without the page. */
export function keep(picture, title) {
  const copy = picture.cloneNode(true);
  const [shown, made] = [picture, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  shown.forEach((node, index) => {
    const style = getComputedStyle(node);
    for (const name of KEPT) made[index].setAttribute(name, style.getPropertyValue(name));
  });
  const back = svg("rect", { width: "100%", height: "100%", fill: getComputedStyle(document.body).backgroundColor });
  const [x, y] = copy.getAttribute("viewBox").split(" ");
  back.setAttribute("x", x);
  back.setAttribute("y", y);
  copy.prepend(back);
  copy.setAttribute("xmlns", NAMESPACE);
  const address = URL.createObjectURL(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }));
  element("a", { href: address, download: `${title.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 60)}.svg` }).click();
  URL.revokeObjectURL(address);
}
