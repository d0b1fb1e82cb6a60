// A result as the endpoint gives it.
import { button, element } from "./terms.js";

/** Longer text would only slow the page down; the downloads have all of it. */
const MOST = 300_000;

export const raw = {
  name: "raw",
  fits: () => [],
  async draw(host, read, _chosen, { words, query }) {
    if (!read.isRdf) return void showText(host, JSON.stringify(read.document, null, 2), words);
    // The views read N-Triples; people read Turtle.
    const headers = { Accept: "text/turtle", "Content-Type": "application/sparql-query" };
    const answer = await fetch(words.endpoint, { method: "POST", headers, body: query });
    if (host.isConnected) showText(host, await answer.text(), words);
  },
};

/** Shows text that can be copied. */
function showText(host, text, words) {
  const copy = button(words.copy, async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = words.copied;
  });
  const shown = text.length > MOST ? `${text.slice(0, MOST)}\n…` : text;
  const code = element("pre", { tabIndex: 0 }, element("code", { textContent: shown }));
  code.setAttribute("role", "region");
  code.setAttribute("aria-label", words.raw);
  // Browsers give the clipboard to pages over HTTPS and on the same machine only.
  host.append(...(navigator.clipboard ? [element("p", { className: "buttons" }, copy)] : []), code);
}
