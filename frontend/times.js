// Times as documents give them, in the parts of EDTF that the data uses; the server reads them in the same way.
// https://www.loc.gov/standards/datetime/
const DATE = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?([~?%])?$/;
/** First month and number of months of the seasons 21 to 24; winter counts to the end of its year. */
const SEASONS = { 21: [3, 3], 22: [6, 3], 23: [9, 3], 24: [12, 1] };

/** Returns the span that a time covers in years with a fraction, and whether the text leaves it open; or null. */
export function parseTime(text) {
  // A time of day says more than a drawing of years can show.
  const parts = text.split("/").map((part) => parseDate(part.trim().replace(/(?<=-\d\d)T.*$/, "").replace(/Z$/, "")));
  if (parts.length > 2 || parts.includes(null)) return null;
  const end = parts.at(-1).end;
  return end > parts[0].start ? { start: parts[0].start, end, vague: parts.some((part) => part.vague) } : null;
}

function parseDate(text) {
  const match = DATE.exec(text);
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)];
  const vague = match[4] !== undefined;
  if (SEASONS[month]) return months(year, ...SEASONS[month], true);
  if (!month) return match[2] ? null : months(year, 1, 12, vague);
  if (month > 12 || day > 31) return null;
  if (!day) return months(year, month, 1, vague);
  const start = year + (month - 1) / 12 + (day - 1) / 372;
  return { start, end: start + 1 / 372, vague };
}

function months(year, first, count, vague) {
  return { start: year + (first - 1) / 12, end: year + (first - 1 + count) / 12, vague };
}
