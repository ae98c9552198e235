// From stored blocks to a document and back. A block that nobody changed goes back character by character as it came.
import { DOMParser, Fragment } from "prosemirror-model";

import { PARTS, schema } from "./schema.js";

const parser = DOMParser.fromSchema(schema);
// The stored text of each block that came with the page, and what it was read as.
const stored = new Map();

/** A fresh id: a UUID version 7, as the server makes them. */
export function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let moment = Date.now();
  for (let place = 5; place >= 0; place -= 1) {
    bytes[place] = moment % 256;
    moment = Math.floor(moment / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** The document of these blocks; with `isWhole` every part stands there, also the empty ones. */
export function documentOf(blocks, { isWhole = true } = {}) {
  const parts = [];
  for (const block of blocks) {
    const last = parts[parts.length - 1];
    if (last && last.name === block.part) last.blocks.push(blockNode(block));
    else parts.push({ name: block.part, blocks: [blockNode(block)] });
  }
  const names = PARTS.map(([name]) => name);
  const missing = isWhole ? names.filter((name) => !parts.some((part) => part.name === name)) : [];
  for (const name of missing) {
    const next = parts.findIndex((part) => names.indexOf(part.name) > names.indexOf(name));
    parts.splice(next < 0 ? parts.length : next, 0, { name, blocks: [] });
  }
  return schema.node(
    "doc",
    null,
    parts.map(({ name, blocks: held }) => partNode(name, held)),
  );
}

/** A part; an empty one holds an empty paragraph to write in. */
export function partNode(name, held = []) {
  return schema.node("part", { part: name }, held.length ? held : [schema.node("paragraph")]);
}

function blockNode(block) {
  const type = schema.nodes[block.kind];
  const attributes = { id: block.id || null, number: block.number || null, sources: block.sources || null };
  const content =
    block.kind === "table_row"
      ? Fragment.from(block.cells.map((html) => schema.node("cell", null, inlineOf(html, schema.nodes.cell))))
      : inlineOf(block.html, type);
  if (block.id) stored.set(block.id, { text: block.text, content });
  return type.create(attributes, content);
}

function inlineOf(html, type) {
  const holder = document.implementation.createHTMLDocument("").createElement("div");
  holder.innerHTML = html;
  return parser.parse(holder, { topNode: type.create(), preserveWhitespace: "full" }).content;
}

/** What is stored of a document: its blocks in order, without the empty ones. */
export function blocksOf(doc) {
  const found = [];
  doc.forEach((part) => {
    part.forEach((node) => {
      const text = textOf(node);
      if (!text.trim()) return;
      const { id, number, sources } = node.attrs;
      const block = { id, part: part.attrs.part, kind: node.type.name, number, text };
      found.push(sources === null ? block : { ...block, sources });
    });
  });
  return found;
}

/** The text of one block in restricted Markdown. */
export function textOf(node) {
  const known = stored.get(node.attrs.id);
  if (known && node.content.eq(known.content)) return known.text;
  if (node.type.name === "subheading") return node.textContent.trim();
  if (node.type.name !== "table_row") return written(node.content).trim();
  const cells = [];
  node.forEach((cell) => cells.push(written(cell.content).replaceAll("|", "¦").replaceAll("\n", " ").trim()));
  return cells.join(" | ");
}

/** Whether nothing stands in a block. */
export function isEmptyBlock(node) {
  return node.textContent.trim() === "" && !holdsFootnote(node);
}

function holdsFootnote(node) {
  let held = false;
  node.descendants((child) => {
    if (child.type.name === "footnote") held = true;
  });
  return held;
}

const MARKERS = { strong: "**", em: "*" };
const ORDER = ["link", "strong", "em"];

/** Inline content as Markdown: markers hug their words, and no sign of the text reads as a marker. */
function written(content) {
  const runs = runsOf(content);
  const plain = runs.map((run) => run.text ?? "").join("");
  const hasMarkers = runs.some((run) => run.marks.length > 0) || (plain.match(/\*/g) || []).length > 1;
  let text = "";
  let open = [];
  const close = (keep) => {
    while (open.length > keep) text += ending(open.pop());
  };
  for (const run of runs) {
    let kept = 0;
    while (kept < open.length && kept < run.marks.length && open[kept].eq(run.marks[kept])) kept += 1;
    close(kept);
    for (const mark of run.marks.slice(kept)) {
      text += beginning(mark);
      open.push(mark);
    }
    text += run.raw ?? escaped(run.text, hasMarkers);
  }
  close(0);
  return text;
}

function beginning(mark) {
  return MARKERS[mark.type.name] ?? "[";
}

function ending(mark) {
  return MARKERS[mark.type.name] ?? `](${mark.attrs.href})`;
}

/** Runs of equal marks. Blanks, and signs that a marker may not touch, lie outside of bold and italic. */
function runsOf(content) {
  const runs = [];
  content.forEach((node) => {
    const marks = ORDER.map((name) => node.marks.find((mark) => mark.type.name === name)).filter(Boolean);
    if (node.type.name === "hard_break") runs.push({ raw: "\n", marks: marks.filter(isLink) });
    else if (node.type.name === "footnote") runs.push({ raw: `^[${guarded(node.attrs.text)}]`, marks: [] });
    else runs.push({ text: node.text, marks });
  });
  const shaped = [];
  runs.forEach((run, place) => {
    const emphasis = run.text === undefined ? [] : run.marks.filter((mark) => !isLink(mark));
    if (emphasis.length === 0) {
      shaped.push(run);
      return;
    }
    const links = run.marks.filter(isLink);
    const before = textBeside(runs[place - 1]);
    const after = textBeside(runs[place + 1]);
    const isWord = (sign) => /[\p{L}\p{N}]/u.test(sign);
    let [, head, body, tail] = run.text.match(/^(\s*)(.*?)(\s*)$/su);
    if (!head && isWord(before.slice(-1)) && !sharesEmphasis(runs[place - 1], emphasis)) {
      [, head, body] = body.match(/^([^\p{L}\p{N}]*)(.*)$/su);
    }
    if (!tail && isWord(after.slice(0, 1)) && !sharesEmphasis(runs[place + 1], emphasis)) {
      [, body, tail] = body.match(/^(.*?)([^\p{L}\p{N}]*)$/su);
    }
    for (const [text, marks] of [
      [head, links],
      [body, run.marks],
      [tail, links],
    ]) {
      if (text) shaped.push({ text, marks });
    }
  });
  return shaped;
}

function isLink(mark) {
  return mark.type.name === "link";
}

function textBeside(run) {
  return run?.text ?? "";
}

function sharesEmphasis(run, emphasis) {
  return Boolean(run) && emphasis.some((mark) => mark.isInSet(run.marks));
}

/** The text so that Markdown reads it as it stands. */
function escaped(text, hasMarkers) {
  let found = text
    .replace(/\\(?=[!-/:-@[-`{-~])/g, "\\\\")
    .replace(/\^(?=\[)/g, "\\^")
    .replace(/[[\]]/g, "\\$&")
    .replace(/&(?=#?\w+;)/g, "\\&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_");
  if (hasMarkers) found = found.replaceAll("*", "\\*");
  return found;
}

/** The text of a footnote is Markdown already; only its brackets must not end it. */
function guarded(text) {
  let depth = 0;
  for (const sign of text.replace(/\\[[\]]/g, "")) {
    depth += sign === "[" ? 1 : sign === "]" ? -1 : 0;
    if (depth < 0) break;
  }
  return depth === 0 ? text.replaceAll("\n", " ") : text.replace(/(?<!\\)[[\]]/g, "\\$&").replaceAll("\n", " ");
}
