// Builds static/ from this directory: one style sheet and one script for every page, a second pair for pages with the editor,
// the fonts, and manifest.json, which maps each plain name to the name with its content's hash. Fetches nothing.
import { build } from "esbuild";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, "..", "static");

const result = await build({
  absWorkingDir: here,
  entryPoints: ["app.css", "app.js", "icon.svg", "editor/editor.js"],
  outdir: target,
  bundle: true,
  minify: true,
  legalComments: "none",
  format: "iife",
  target: ["es2020", "chrome109", "firefox115", "safari15.6"],
  loader: { ".woff2": "file", ".woff": "empty", ".svg": "copy" },
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  external: ["data:*"],
  metafile: true,
  logLevel: "warning",
});

const manifest = {};
for (const output of Object.keys(result.metafile.outputs)) {
  const name = path.basename(output);
  manifest[name.replace(/-[A-Z0-9]{8}(?=\.[a-z0-9]+$)/, "")] = name;
}

await mkdir(target, { recursive: true });
await writeFile(path.join(target, "manifest.json"), JSON.stringify(manifest, Object.keys(manifest).sort(), 2) + "\n");

// What an earlier build left goes last, so that a running service always finds whole files.
const kept = new Set([...Object.values(manifest), "manifest.json"]);
for (const name of await readdir(target)) {
  if (!kept.has(name)) await rm(path.join(target, name), { recursive: true });
}
