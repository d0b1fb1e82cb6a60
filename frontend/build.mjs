// Bundles the entry points into the folder named on the command line and writes which file is which entry.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

const out = process.argv[2];

/** Names each bundled package with its licence, as their licences ask for. */
function notice(inputs) {
  const names = new Set();
  for (const path of Object.keys(inputs)) {
    const match = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    if (match) names.add(match[1]);
  }
  return [...names].sort().map((name) => {
    const { version, license } = JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8"));
    return `${name} ${version}, ${license}`;
  }).join("\n") + "\n";
}

try {
  const { metafile } = await build({
    entryPoints: ["editor.js", "explore.js", "views.js", "copy.js", "suggest.js", "own_copy.js"],
    outdir: out,
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    entryNames: "[name]-[hash]",
    legalComments: "linked",
    metafile: true,
  });
  const entries = {};
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint) entries[basename(entryPoint, ".js")] = basename(file);
  }
  writeFileSync(join(out, "entries.json"), JSON.stringify(entries));
  writeFileSync(join(out, "NOTICE.txt"), notice(metafile.inputs));
} catch (error) {
  console.error(String(error));
  process.exit(1);
}
