// Query tabs, kept in the browser.
const KEY = "digitech-kg.tabs";

/** Returns the tabs that were kept, or one with the initial text; storage may be switched off. */
export function loadTabs(initial) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY));
    if (Array.isArray(kept?.texts) && kept.texts.length && kept.texts.every((text) => typeof text === "string")) {
      return { texts: kept.texts, current: Math.min(Math.max(kept.current | 0, 0), kept.texts.length - 1) };
    }
  } catch { /* Unreadable or forbidden: begin anew. */ }
  return { texts: [initial], current: 0 };
}

export function keepTabs(tabs) {
  try {
    localStorage.setItem(KEY, JSON.stringify(tabs));
  } catch { /* Private windows may forbid it; the tabs then last as long as the page. */ }
}
