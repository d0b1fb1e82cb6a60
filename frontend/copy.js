// Gives each `button[data-copies]` its work: the text of the element of that id goes to the clipboard. A
// `button[data-prints]` prints the page.
const status = document.getElementById("copied");

/** Selects a text, so that it can be copied by keyboard where scripts may not. */
function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

/** Copies, by the older way where a page is not served securely; gives whether it worked. */
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    select(element);
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("button[data-copies]")) {
  const element = document.getElementById(button.dataset.copies);
  button.hidden = false;
  // Shown on it for a moment; readers of the screen are told by the status.
  button.dataset.done = status.dataset.word;
  button.addEventListener("click", async () => {
    const done = await copy(element);
    status.textContent = done ? `${status.dataset.done} ${element.getAttribute("aria-label")}` : status.dataset.failed;
    button.classList.toggle("done", done);
    setTimeout(() => button.classList.remove("done"), 2000);
  });
}

for (const button of document.querySelectorAll("button[data-prints]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
