// Shows a reader's own copy of a text in place. The file is read here and leaves the device never: nothing is sent.
const box = document.querySelector("[data-own-copy]");
const result = document.getElementById("own-result");

/** Returns the SHA-256 of a text without the space around it, as the graph has it. */
async function hash(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Returns a text with the words marked that show how firmly it is put. */
function mark(words, cues) {
  const sought = cues.sort((one, other) => other.length - one.length)
    .map((cue) => cue.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  if (!sought) return [words];
  const pieces = words.split(new RegExp(`(?<![\\p{L}\\p{N}_])(${sought})(?![\\p{L}\\p{N}_])`, "iu"));
  return pieces.map((piece, place) => {
    if (place % 2 === 0) return piece;
    const marked = document.createElement("mark");
    marked.textContent = piece;
    return marked;
  });
}

/** Returns where a passage may begin: at a new line or cell, after a sentence or an item. */
function starts(letters) {
  const found = [0];
  for (let place = 1; place < letters.length; place += 1) {
    if (/\s/.test(letters[place]) || !/\s/.test(letters[place - 1])) continue;
    let before = place - 1;
    while (before > 0 && letters[before] === " ") before -= 1;
    if (/[\n\t.!?:;,)\]”"’»。]/.test(letters[before])) found.push(place);
  }
  return found;
}

/** Puts the words of a passage into its place if the copy has what was hashed, maybe at another offset. */
async function show(place, letters, begins) {
  const { from, to, cues } = place.dataset;
  for (const start of [Number(from), ...begins]) {
    const words = letters.slice(start, start + Number(to) - Number(from)).join("").trim();
    if (words && (await hash(words)) === place.dataset.hash) {
      place.replaceChildren(...mark(words, JSON.parse(cues)));
      place.hidden = false;
      return true;
    }
  }
  return false;
}

async function read(file) {
  const text = (await file.text()).replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  // Offsets count characters, of which some take two units of a string.
  const letters = Array.from(text);
  const places = [...document.querySelectorAll("[data-hash]")];
  const begins = starts(letters);
  const shown = await Promise.all(places.map((place) => show(place, letters, begins)));
  const found = shown.filter(Boolean).length;
  const words = found === places.length ? "all" : found ? "some" : "none";
  document.querySelector(".reader").classList.toggle("both", found > 0);
  result.textContent = result.dataset[words].replace("{found}", found).replace("{all}", places.length);
}

if (box) {
  box.hidden = false;
  document.getElementById("own").addEventListener("change", ({ target }) => {
    if (!crypto.subtle) result.textContent = result.dataset.unsafe;
    else if (target.files[0]) read(target.files[0]);
  });
}
