// Suggestions under search boxes while somebody types: a list box that the arrow keys move through. One that is chosen
// is opened, or stands in the box if that is a field among others (`data-fills`).
const WAIT = 120;

for (const input of document.querySelectorAll("input[data-suggest]")) attach(input);

function attach(input) {
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = `suggestions-${input.id}`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.getAttribute("aria-label") ?? input.labels[0]?.textContent ?? "");
  input.parentElement.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) input.setAttribute(name, value);
  let found = [], chosen = -1, timer = 0, asked = "";

  function show(items) {
    found = items;
    chosen = -1;
    list.replaceChildren(...items.map(entry));
    list.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function entry({ label, kind, href }, place) {
    const item = document.createElement("li");
    const note = document.createElement("span");
    item.setAttribute("role", "option");
    item.id = `${list.id}-${place}`;
    note.className = "note";
    note.textContent = kind;
    item.append(label, note);
    item.addEventListener("pointerdown", (event) => { event.preventDefault(); take({ label, href }); });
    return item;
  }

  function take({ label, href }) {
    if (!("fills" in input.dataset)) return location.assign(href);
    input.value = label;
    show([]);
  }

  function choose(place) {
    chosen = place;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === place)));
    if (place < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${list.id}-${place}`);
  }

  async function ask() {
    const text = asked = input.value.trim();
    if (!text) return show([]);
    const address = new URL(input.dataset.suggest, location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address);
      const items = answer.ok ? await answer.json() : [];
      if (text === asked && document.activeElement === input) show(items);
    } catch { show([]); }
  }

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  input.addEventListener("blur", () => show([]));
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    // A search box empties itself by Escape: the first one only closes the list.
    if (event.key === "Escape") { event.preventDefault(); show([]); }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose((chosen + step + found.length + 1 + 1) % (found.length + 1) - 1);
    }
    if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(found[chosen]); }
  });
}
