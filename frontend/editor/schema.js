// The text of a recommendation as ProseMirror sees it: parts that hold exactly the blocks we store, and in them exactly
// the restricted Markdown we store. What is not in this schema can't be typed, pasted or saved.
import { Schema } from "prosemirror-model";

export const PARTS = [
  ["problem_statement", "Situationsbeschreibung"],
  ["state_of_play", "Bisherige Entwicklungen"],
  ["goal", "Ziel"],
  ["recommendation", "Empfehlung"],
  ["rationale", "Begründung"],
  ["implementation_note", "Umsetzungshinweis"],
  ["practice_example", "Praxisbeispiel"],
  ["sources", "Quellen"],
];
export const PART_NAMES = new Map(PARTS);
export const KINDS = new Map([
  ["paragraph", "Absatz"],
  ["list_item", "Listenpunkt"],
  ["subheading", "Zwischenüberschrift"],
  ["table_row", "Tabellenzeile"],
]);

/** Every block knows its id, its number, and what it rests on (null: as before). */
const blockAttributes = {
  id: { default: null },
  number: { default: null },
  sources: { default: null },
};

function attributesOf(node) {
  const found = {};
  if (node.attrs.id) found["data-id"] = node.attrs.id;
  if (node.attrs.number) found["data-number"] = node.attrs.number;
  if (node.attrs.sources) found["data-sources"] = node.attrs.sources.map(keyOfSource).join(" ");
  return found;
}

function fromElement(element) {
  const named = element.getAttribute("data-sources");
  return {
    id: element.getAttribute("data-id"),
    number: element.getAttribute("data-number"),
    sources: named === null ? null : named.split(" ").filter(Boolean).map(sourceOfKey),
  };
}

/** Noun and id as a form names a source: „need:0198…“. */
export function keyOfSource({ type, id }) {
  return `${type}:${id}`;
}

export function sourceOfKey(key) {
  const [type, id] = key.split(":");
  return { type, id };
}

function textBlock(tag, className, rules, narrowed = {}) {
  return {
    group: "block",
    content: "inline*",
    ...narrowed,
    attrs: blockAttributes,
    parseDOM: rules.map((rule) => ({ getAttrs: fromElement, ...rule })),
    toDOM: (node) => [tag, { class: className, ...attributesOf(node) }, 0],
  };
}

export const schema = new Schema({
  nodes: {
    doc: { content: "part+" },
    part: {
      content: "block+",
      isolating: true,
      attrs: { part: { default: "problem_statement" } },
      parseDOM: [{ tag: "section[data-part]", getAttrs: (element) => ({ part: element.dataset.part }) }],
      toDOM: (node) => ["section", { "data-part": node.attrs.part }, 0],
    },
    paragraph: textBlock("p", "prose__block", [{ tag: "p" }]),
    list_item: textBlock("p", "prose__block prose__block--item", [
      { tag: "p.prose__block--item", priority: 60 },
      { tag: "li", priority: 60 },
    ]),
    subheading: textBlock(
      "h3",
      "prose__block",
      ["h1", "h2", "h3", "h4", "h5", "h6"].map((tag) => ({ tag })),
      { content: "text*", marks: "" },
    ),
    table_row: {
      group: "block",
      content: "cell+",
      attrs: blockAttributes,
      parseDOM: [
        { tag: "div.prose__row", getAttrs: fromElement },
        { tag: "tr", getAttrs: fromElement },
      ],
      toDOM: (node) => ["div", { class: "prose__row", ...attributesOf(node) }, 0],
    },
    cell: {
      content: "inline*",
      isolating: true,
      parseDOM: [{ tag: "div.prose__cell" }, { tag: "td" }, { tag: "th" }],
      toDOM: () => ["div", { class: "prose__cell" }, 0],
    },
    text: { group: "inline" },
    hard_break: {
      group: "inline",
      inline: true,
      selectable: false,
      linebreakReplacement: true,
      parseDOM: [{ tag: "br" }],
      toDOM: () => ["br"],
    },
    footnote: {
      group: "inline",
      inline: true,
      atom: true,
      attrs: { text: { default: "" } },
      parseDOM: [{ tag: "sup[data-footnote]", getAttrs: (element) => ({ text: element.dataset.footnote }) }],
      toDOM: (node) => ["sup", { class: "prose__footnote", "data-footnote": node.attrs.text, title: node.attrs.text }],
      leafText: () => "",
    },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      parseDOM: [
        { tag: "a[href]", getAttrs: (element) => (addressOf(element) ? { href: addressOf(element) } : false) },
      ],
      toDOM: (mark) => ["a", { href: mark.attrs.href, rel: "noopener noreferrer" }, 0],
    },
    strong: {
      parseDOM: [{ tag: "strong" }, { tag: "b" }],
      toDOM: () => ["strong", 0],
    },
    em: {
      parseDOM: [{ tag: "em" }, { tag: "i" }],
      toDOM: () => ["em", 0],
    },
  },
});

/** An address one may link to, as it will be stored; null for anything else. */
export function safeAddress(text) {
  const address = text.trim();
  const whole = /^[\w.-]+\.[a-z]{2,}(\/\S*)?$/i.test(address) ? `https://${address}` : address;
  return /^(https?:\/\/[^\s<>]+|mailto:[^\s<>]+)$/i.test(whole) ? whole.replaceAll("(", "%28").replaceAll(")", "%29") : null;
}

function addressOf(element) {
  return safeAddress(element.getAttribute("href") || "");
}
