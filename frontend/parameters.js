// Pick-lists for the parameters that a query declares in comments: `# parameter: company (dk:Company) Which company.`
// A parameter is the variable of a VALUES block; what stands in the block is its value.
import { element } from "./terms.js";
import { addressWith } from "./words.js";

const DECLARED = /^#[^\S\n]*parameter:[^\S\n]*(\w+)[^\S\n]*\(([^()\s]+)\)[^\S\n]*(.*)$/gm;
const OTHER = String.raw`<[^<>"{}|^\u0060\\\s]*>|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*`;

/** Returns the parameters that a query declares, with where their values stand in it. */
export function readParameters(text) {
  return [...text.matchAll(DECLARED)].flatMap(([, name, type, description]) => {
    const block = blockOf(text, name);
    return block ? [{ name, type, description: description.trim(), ...block }] : [];
  });
}

function blockOf(text, name) {
  const pattern = new RegExp(String.raw`${OTHER}|(VALUES\s+\?${name}\s*\{)((?:"(?:[^"\\\n]|\\.)*"|[^{}"])*)\}`, "gi");
  const match = [...text.matchAll(pattern)].find(([, head]) => head);
  if (!match) return null;
  const from = match.index + match[1].length;
  return { from, to: from + match[2].length, values: match[2].trim().split(/\s+/).filter(Boolean) };
}

/** Returns a literal as it stands in a query. */
function literal(text, type) {
  if (/^xsd:(integer|decimal|boolean)$/.test(type)) return text.trim();
  return `${JSON.stringify(text)}${type === "xsd:string" ? "" : `^^${type}`}`;
}

/**
 * Shows a field for each parameter of `text` in `host`; `changed(from, to, insert)` is called with the change of the
 * query that a choice means.
 */
export async function showParameters(host, text, { words, prefixes, changed }) {
  const parameters = readParameters(text);
  const wanted = JSON.stringify(parameters.map(({ name, type, values }) => [name, type, values]));
  if (host.dataset.shown === wanted) return;
  host.dataset.shown = wanted;
  const made = await Promise.all(parameters.map((parameter) => fieldOf(parameter, { words, prefixes, changed })));
  if (host.dataset.shown !== wanted) return;
  const controls = () => [...host.querySelectorAll("select, input")];
  const focused = controls().indexOf(document.activeElement);
  host.hidden = made.length === 0;
  host.replaceChildren(...made);
  controls()[focused]?.focus();
}

async function fieldOf(parameter, { words, prefixes, changed }) {
  const { name, type, description, values } = parameter;
  const isLiteral = type.startsWith("xsd:");
  if (!isLiteral && values.length > 1) return checkList(parameter, await optionsOf(parameter, words, prefixes), changed);
  const control = isLiteral ? element("input", { value: values.join(" ").replace(/^"|"(\^\^.*)?$/g, "") }) : await pickList(parameter, words, prefixes);
  control.autocomplete = "off";
  control.addEventListener("change", () => {
    const term = isLiteral ? literal(control.value, type) : control.value;
    if (term) changed(name, ` ${term} `);
  });
  return element("label", { title: description }, element("span", { textContent: description || name }), control);
}

/** Returns the things that a parameter may stand for; what it stands for now is among them even if it is none of those. */
async function optionsOf({ type, values }, words, prefixes) {
  const answer = await fetch(addressWith(words.options, { class: type }));
  const options = answer.ok ? await answer.json() : [];
  const full = (value) => value.replace(/^<(.*)>$/, "$1").replace(/^(\w+):(?!\/\/)/, (whole, prefix) => prefixes[prefix] ?? whole);
  const chosen = new Set(values.map(full));
  const unknown = [...chosen].filter((iri) => !options.some((option) => option.iri === iri));
  return [...unknown.map((iri) => ({ iri, label: iri })), ...options]
    .map(({ iri, label }) => ({ value: `<${iri}>`, label, chosen: chosen.has(iri) }));
}

async function pickList(parameter, words, prefixes) {
  const options = await optionsOf(parameter, words, prefixes);
  return element("select", {}, ...options.map(({ value, label, chosen }) => element("option", { value, textContent: label, selected: chosen })));
}

/** Several at once: a list of boxes to tick. */
function checkList({ name, description }, options, changed) {
  const boxes = options.map(({ value, label, chosen }) => {
    const box = element("input", { type: "checkbox", value, checked: chosen, autocomplete: "off" });
    return element("label", {}, box, ` ${label}`);
  });
  const list = element("fieldset", { className: "choices" }, element("legend", { textContent: description || name }), element("div", {}, ...boxes));
  list.addEventListener("change", () => {
    const terms = [...list.querySelectorAll("input:checked")].map(({ value }) => value);
    if (terms.length) changed(name, ` ${terms.join(" ")} `);
  });
  return list;
}
