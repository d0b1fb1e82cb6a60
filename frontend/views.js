// The page of a result: the views that fit it, above the table that the server wrote.
import { askEndpoint, showBody } from "./results.js";
import { words } from "./words.js";

const host = document.querySelector("#result");
const { query } = host.dataset;

function onView(view) {
  const address = new URL(location.href);
  if (view) address.searchParams.set("view", view);
  else address.searchParams.delete("view");
  history.replaceState(null, "", address);
}

try {
  const [known, answer] = await Promise.all([fetch(words.known).then((reply) => reply.json()), askEndpoint(words.endpoint, query)]);
  // What the server wrote stays if the endpoint has no answer now: the client may have asked too often.
  if (answer.response.ok) {
    const view = new URLSearchParams(location.search).get("view");
    showBody(host, answer, { prefixes: known.prefixes, words, query, view, onView, host });
  }
} finally {
  host.dataset.ready = "true";
  delete host.dataset.pending;
}
