// The page of a result: the views that fit it, above the table that the server wrote.
import { askEndpoint, showBody, showTableOf } from "./results.js";
import { words } from "./words.js";

const host = document.querySelector("#result");
const { query } = host.dataset;
/** The RDF that the server wrote already. */
const turtle = host.querySelector("pre.rdf")?.textContent;

function onView(view) {
  const address = new URL(location.href);
  if (view) address.searchParams.set("view", view);
  else address.searchParams.delete("view");
  history.replaceState(null, "", address);
}

const asked = new URLSearchParams(location.search).get("view");

/** Shows what the endpoint answers; what the server wrote stays if it has no answer: the client may have asked too often. */
async function showAnswer() {
  const [known, answer] = await Promise.all([fetch(words.known).then((reply) => reply.json()), askEndpoint(words.endpoint, query)]);
  if (answer.response.ok) await showBody(host, answer, { prefixes: known.prefixes, words, query, turtle, view: asked, onView, host });
}

try {
  if ("rows" in host.dataset) showTableOf(host, { words, prefixes: {}, view: asked ?? host.dataset.view, usual: host.dataset.view, onView, host });
  else await showAnswer();
} finally {
  host.dataset.ready = "true";
  delete host.dataset.pending;
}
