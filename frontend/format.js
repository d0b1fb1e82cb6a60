// Lays a query out: two spaces per level, one triple pattern or clause per line, keywords in capitals. Comments stay.
const TOKEN = /(#[^\n]*)|("""[^]*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(<[^<>"{}|^`\\\s]*>)|([?$]\w+)|([\w-]*:(?:[\w.\-:]*[\w\-:]|)|_:[\w.-]*\w)|(@[A-Za-z-]+)|([A-Za-z_]\w*)|(\d[\w.]*(?:[eE][+-]?\d+)?)|(\^\^|\|\||&&|!=|<=|>=|[^\s])/gu;
const KEYWORDS = new Set(`ADD ALL AS ASC ASK BASE BIND BY CLEAR CONSTRUCT COPY CREATE DATA DEFAULT DELETE DESC DESCRIBE DISTINCT
  DROP EXISTS FILTER FROM GRAPH GROUP HAVING IN INSERT INTO LIMIT LOAD MINUS MOVE NAMED NOT OFFSET OPTIONAL ORDER PREFIX
  REDUCED SELECT SEPARATOR SERVICE SILENT TO UNDEF UNION USING VALUES WHERE WITH COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT
  BOUND COALESCE CONCAT CONTAINS DATATYPE IF LANG LANGMATCHES LCASE UCASE REGEX REPLACE STR STRLEN STRSTARTS STRENDS SUBSTR
  YEAR MONTH DAY ABS CEIL FLOOR ROUND NOW`.split(/\s+/));
/** Words that begin a line wherever they stand outside brackets. */
const CLAUSES = new Set(["PREFIX", "BASE", "SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "FROM", "WHERE", "GROUP", "HAVING", "ORDER",
  "LIMIT", "OFFSET", "VALUES", "FILTER", "OPTIONAL", "MINUS", "GRAPH", "SERVICE", "BIND"]);

/** Marks where a row of VALUES begins until it is known whether all fit on a line. */
const ROW = "\u0000";
/** Longest line that a folded group makes. */
const MOST_LETTERS = 110;

function* tokensOf(text) {
  for (const match of text.matchAll(TOKEN)) {
    const kind = ["comment", "string", "iri", "variable", "name", "language", "word", "number", "mark"].find((_, index) => match[index + 1] !== undefined);
    const whole = kind === "word" && KEYWORDS.has(match[0].toUpperCase()) ? match[0].toUpperCase() : match[0];
    const before = text.slice(0, match.index);
    yield { kind, text: whole, alone: /(^|\n)[^\S\n]*$/.test(before), spaced: /\s$/.test(before) };
  }
}

/** Returns the query laid out; its tokens stay the same but for the case of keywords. */
export function formatQuery(text) {
  const lines = [];
  /** Open brackets: `{` and those of VALUES and of blank nodes, each with whether its content stays on one line. */
  const open = [];
  let [line, depth, statement, previous, ended] = ["", 0, 0, null, false];

  function flush() {
    const margin = "  ".repeat(Math.max(depth + statement, 0));
    const whole = line.trim();
    if (whole.replaceAll(ROW, "").length + margin.length > MOST_LETTERS && whole.includes(ROW) && whole.endsWith(" }")) {
      // Rows of VALUES that are too long for one line have a line each.
      const [head, ...rows] = whole.split(ROW).map((row) => row.trim());
      rows.push(rows.pop().replace(/ \}$/, ""));
      lines.push(margin + head, ...rows.map((row) => `${margin}  ${row}`), `${margin}}`);
    } else if (whole) lines.push(margin + whole.replaceAll(ROW, ""));
    line = "";
    ended = false;
  }
  const inline = () => open.length > 0 && open.at(-1) !== "{";
  const last = () => previous?.text ?? "";

  function gap(token) {
    if (!line) return "";
    if (",;.)]".includes(token.text) && token.kind === "mark") return token.text === "." || token.text === ";" ? " " : "";
    if (previous.kind === "mark" && "([!^".includes(last())) return "";
    if (last() === "^^" || token.text === "^^" || token.kind === "language") return "";
    // A path such as dk:a/dk:b* and a call such as STR(?x) hold together as they were written.
    if (["SELECT", "DISTINCT", "REDUCED"].includes(last())) return " ";
    const tight = [token, previous].some(({ kind, text }) => kind === "mark" && "/|*+?-(".includes(text));
    return tight ? (token.spaced ? " " : "") : " ";
  }

  for (const token of tokensOf(text)) {
    const { kind, text: shown } = token;
    if (kind === "comment") {
      if (token.alone || !(line || lines.length)) { flush(); line = shown; flush(); }
      else if (line) { line += ` ${shown}`; flush(); }
      else lines.push(`${lines.pop()} ${shown}`);
    } else if (kind === "mark" && shown === "{") {
      const values = /VALUES\s*(\([^()]*\)|[?$]\w+)$/.test(line.trim());
      const held = values || inline();
      if ((last() === "}" || ended) && !held) flush();
      line += `${line ? " " : ""}{`;
      if (held) open.push(values ? "values" : "held");
      else { flush(); open.push("{"); depth += 1; statement = 0; }
    } else if (kind === "mark" && shown === "}") {
      if ((open.pop() ?? "{") !== "{") line += " }";
      else { flush(); statement = 0; depth -= 1; line = "}"; }
    } else if (kind === "mark" && "([".includes(shown)) {
      if (ended && !inline()) flush();
      line += gap(token) + (open.at(-1) === "values" && shown === "(" ? ROW : "") + shown;
      open.push(shown);
    } else if (kind === "mark" && ")]".includes(shown)) {
      open.pop();
      line += shown;
      ended = !inline() && /^(FILTER|BIND)\b/.test(line.trim());
    } else if (kind === "mark" && ".;".includes(shown) && !inline()) {
      line += ` ${shown}`;
      flush();
      statement = shown === ";" ? 1 : 0;
    } else {
      const begins = kind === "word" && CLAUSES.has(shown) && !inline();
      // NOT EXISTS belongs to its FILTER, AS to its BIND, and UNION to the bracket before.
      if (begins && !(shown === "BIND" && last() === "(")) { flush(); statement = 0; }
      else if (ended) { flush(); statement = 0; }
      else if (last() === "}" && shown !== "UNION" && !inline() && shown !== "AS") { flush(); statement = 0; }
      line += gap(token) + shown;
    }
    previous = token;
    if (kind === "iri" && /^(PREFIX|BASE)\b/.test(line)) flush();
  }
  flush();
  return `${fold(lines).join("\n")}\n`;
}

/** Puts a group of one line, such as that of an OPTIONAL, onto one line with its brackets where it fits. */
function fold(lines) {
  const folded = [];
  for (const line of lines) {
    const [head, body] = [folded.at(-2), folded.at(-1)];
    const fits = /^\s*\}/.test(line) && head && /\{$/.test(head) && !/^(WHERE|ASK|CONSTRUCT|INSERT|DELETE|SELECT)?\b.*\{$/.test(head)
      && !/[{}#]|^\s*#/.test(body.replace(/<[^>]*>/g, "").replace(/VALUES[^{]*\{[^}]*\}/, "{")) && `${head} ${body.trim()} ${line.trim()}`.length <= MOST_LETTERS;
    if (fits) folded.splice(-2, 2, `${head} ${body.trim()} ${line.trim()}`);
    else folded.push(line);
  }
  return folded;
}
