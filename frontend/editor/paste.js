// What is pasted becomes what we store: Word's lists, headings, tables and footnotes are understood, all else falls away.
import { Fragment, Slice } from "prosemirror-model";
import { Plugin } from "prosemirror-state";

import { deleteAcrossParts } from "./commands.js";
import { idsOf } from "./identity.js";
import { schema } from "./schema.js";
import { WORDS } from "./words.js";

/** More than this is no text of a recommendation; reading it would hold up the browser. */
export const MOST_PASTED = 1_000_000;
const MOST_BLOCKS = 1_000;
const DROPPED = "style, script, meta, link, title, xml, img, svg, object, iframe, input, button, select, textarea, template, noscript, head";

/** `known` gathers the ids this document ever had: what is cut and pasted again keeps its id, a copy gets a new one. */
export function pasting({ isFixed, say }) {
  const known = new Set();
  return new Plugin({
    view: (view) => {
      const note = () => idsOf(view.state.doc).forEach((id) => id && known.add(id));
      note();
      return { update: (_view, before) => before.doc !== view.state.doc && note() };
    },
    props: {
      handlePaste(view, event) {
        const html = event.clipboardData?.getData("text/html") || "";
        const text = event.clipboardData?.getData("text/plain") || "";
        if (html.length > MOST_PASTED && text.length <= MOST_PASTED / 4) {
          say(WORDS.pastedAsText);
          view.pasteText(text);
          return true;
        }
        if (html.length > MOST_PASTED || text.length > MOST_PASTED / 4) {
          say(WORDS.pasteTooLong);
          return true;
        }
        const cleared = deleteAcrossParts(view.state);
        if (cleared) view.dispatch(cleared);
        return false;
      },
      handleDOMEvents: {
        cut(view) {
          if (!deleteAcrossParts(view.state)) return false;
          window.setTimeout(() => {
            const cleared = deleteAcrossParts(view.state);
            if (cleared) view.dispatch(cleared);
          });
          return false;
        },
      },
      handleTextInput(view, _from, _to, text) {
        const cleared = deleteAcrossParts(view.state);
        if (!cleared) return false;
        view.dispatch(cleared.insertText(text));
        return true;
      },
      transformPastedHTML: cleanHtml,
      transformPastedText: (text) => text.replace(/\r\n?/g, "\n"),
      clipboardTextParser(text, $context) {
        const inline = isFixed || $context.parent.type === schema.nodes.cell;
        const pieces = text.split(inline ? /\n+/ : /\n\s*\n|\n(?=\s*[-•·–]\s)|\n/).map((each) => each.trim()).filter(Boolean);
        if (inline) return inlineSlice(pieces);
        return blocksSlice(pieces.map(plainBlock));
      },
      transformPasted: (slice, view) => fitted(slice, view, { known, isFixed }),
    },
  });
}

function plainBlock(text) {
  const bullet = text.match(/^[-•·–]\s+(.*)$/s);
  const type = schema.nodes[bullet ? "list_item" : "paragraph"];
  return type.create(null, schema.text(bullet ? bullet[1] : text));
}

function blocksSlice(blocks) {
  return new Slice(Fragment.from(blocks.slice(0, MOST_BLOCKS)), blocks.length ? 1 : 0, blocks.length ? 1 : 0);
}

function inlineSlice(pieces) {
  const nodes = [];
  pieces.forEach((piece, place) => {
    if (place > 0) nodes.push(schema.text(" "));
    nodes.push(schema.text(piece));
  });
  return new Slice(Fragment.from(nodes), 0, 0);
}

/** Blocks without their parts; ids that stand in the document already, or never did, are dropped. */
function fitted(slice, view, { known, isFixed }) {
  const here = new Set(idsOf(view.state.doc));
  let { content, openStart, openEnd } = slice;
  if (content.firstChild?.type === schema.nodes.part) {
    const blocks = [];
    content.forEach((part) => part.forEach((block) => blocks.push(block)));
    [content, openStart, openEnd] = [Fragment.from(blocks), Math.max(0, openStart - 1), Math.max(0, openEnd - 1)];
  }
  const isInline = isFixed || view.state.selection.$from.parent.type === schema.nodes.cell;
  if (isInline && content.firstChild && !content.firstChild.isInline) return flattened(content);
  const blocks = [];
  content.forEach((node) => {
    if (!("id" in (node.type.spec.attrs || {}))) blocks.push(node);
    else if (node.content.size || content.childCount === 1) {
      const isMoved = node.attrs.id && known.has(node.attrs.id) && !here.has(node.attrs.id);
      if (isMoved) here.add(node.attrs.id);
      const attributes = { ...node.attrs, sources: isMoved ? node.attrs.sources : null, id: isMoved ? node.attrs.id : null };
      blocks.push(node.type.create({ ...attributes, number: isMoved ? node.attrs.number : null }, node.content));
    }
  });
  // Whole blocks put into an empty line stay what they are.
  const { $from } = view.state.selection;
  if (!content.firstChild?.isInline && $from.depth === 2 && $from.parent.content.size === 0) openStart = 0;
  if (blocks.length !== content.childCount) [openStart, openEnd] = [Math.min(openStart, 1), Math.min(openEnd, 1)];
  return new Slice(Fragment.from(blocks.slice(0, MOST_BLOCKS)), openStart, openEnd);
}

function flattened(content) {
  const nodes = [];
  content.descendants((node) => {
    if (!node.isTextblock) return true;
    if (nodes.length) nodes.push(schema.text(" "));
    node.forEach((child) => nodes.push(child.type === schema.nodes.hard_break ? schema.text(" ") : child));
    return false;
  });
  return new Slice(Fragment.from(nodes), 0, 0);
}

// --- HTML of word processors -----------------------------------------------------------------------------

/** HTML from a clipboard as plain paragraphs, items, rows and footnotes. */
export function cleanHtml(html) {
  if (html.includes("data-pm-slice")) return html;
  const page = new DOMParser().parseFromString(withoutStyles(withoutConditions(html)), "text/html");
  const { body } = page;
  takeFootnotes(body);
  body.querySelectorAll(DROPPED).forEach((each) => each.remove());
  takeHidden(body);
  for (const item of body.querySelectorAll("p[data-style*='mso-list'], [class*='MsoListParagraph']")) becomeItem(item, page);
  for (const item of body.querySelectorAll("li")) separateNested(item);
  for (const each of body.querySelectorAll("td, th")) flattenCell(each, page);
  for (const anchor of body.querySelectorAll("a:not([href]), a[href^='#']")) anchor.replaceWith(...anchor.childNodes);
  emphasise(body);
  joinLines(body);
  return body.innerHTML;
}

/** Styles are read, never applied: the page allows none of others. */
function withoutStyles(html) {
  return html.replace(/<style[\s\S]*?(<\/style>|$)/gi, "").replace(/<[^<>]*>/g, (tag) => tag.replace(/\sstyle\s*=/i, " data-style="));
}

/** Bold and italic that are only said by a style become elements; a “b” that is none (Google Docs) falls away. */
function emphasise(body) {
  for (const each of body.querySelectorAll("b[data-style], span[data-style]")) {
    const style = each.dataset.style.replace(/\s/g, "").toLowerCase();
    if (each.matches("b") && /(^|;)font-weight:normal/.test(style)) each.replaceWith(...each.childNodes);
    if (!each.matches("span")) continue;
    if (/font-weight:(bold|[6-9]00)/.test(style)) wrap(each, "strong");
    if (/font-style:italic/.test(style)) wrap(each, "em");
  }
}

function wrap(element, tag) {
  const outer = element.ownerDocument.createElement(tag);
  outer.append(...element.childNodes);
  element.append(outer);
}

/** Word hides what only itself reads in comments; what it shows instead („supportLists“) is the sign of an item. */
function withoutConditions(html) {
  return html.replace(/<!\[if !supportLists\]>[\s\S]*?<!\[endif\]>/gi, "").replace(/<!--[\s\S]*?-->/g, "").replace(/<\/?o:p>/gi, "");
}

/** Word and LibreOffice put the notes behind the text; here each goes to its sign. */
function takeFootnotes(body) {
  const targets = "[href*='_ftn'], [href*='#footnote-'], [href*='#sdfootnote'], [href*='#endnote-'], [href*='_edn']";
  for (const anchor of body.querySelectorAll(`a${targets.replaceAll(", [", ", a[")}`)) {
    if (!body.contains(anchor)) continue;
    const name = anchor.getAttribute("href").split("#")[1] || "";
    if (/ref|anc$/.test(name) || !name) continue;
    const note = noteOf(body, name);
    if (!note) continue;
    const sign = body.ownerDocument.createElement("sup");
    sign.dataset.footnote = note.text;
    const holder = anchor.closest("sup") && anchor.closest("sup").textContent.trim() === anchor.textContent.trim() ? anchor.closest("sup") : anchor;
    holder.replaceWith(sign);
    note.element.remove();
  }
  body.querySelectorAll("div[data-style*='footnote-list'], div[data-style*='endnote-list'], section.footnotes").forEach((each) => {
    if (!each.textContent.trim()) each.remove();
  });
}

function noteOf(body, name) {
  const target = body.querySelector(`#${CSS.escape(name)}, a[name='${CSS.escape(name)}']`);
  if (!target) return null;
  const element = target.closest("div[id^='ftn'], div[id^='edn'], div[id^='sdfootnote'], li, p") || target;
  const copy = element.cloneNode(true);
  copy.querySelectorAll("a[href*='_ftnref'], a[href*='_ednref'], a[href*='ref-'], a[href*='anc']").forEach((back) => back.remove());
  copy.querySelectorAll("sup").forEach((sign) => /^\s*\[?\d*\]?\s*$/.test(sign.textContent) && sign.remove());
  const text = copy.textContent.replace(/\s+/g, " ").replace(/[↑↩]/g, "").trim();
  return text ? { element, text: text.replace(/^\[?\d+\]?\s+/, "") } : null;
}

function takeHidden(body) {
  for (const each of body.querySelectorAll("[data-style]")) {
    const style = each.dataset.style.replace(/\s/g, "").toLowerCase();
    if (/mso-hide:all|display:none|visibility:hidden/.test(style) || /mso-list:ignore/.test(style)) each.remove();
  }
}

/** A paragraph that Word shows as an item, „· “ or „1. “ before it, becomes one. */
function becomeItem(paragraph, page) {
  const item = page.createElement("li");
  item.append(...paragraph.childNodes);
  const first = page.createTreeWalker(item, 4).nextNode();
  if (first) first.data = first.data.replace(/^[\s\u00a0]*(?:[·•§o▪–-]|\(?[0-9]{1,3}[.)]|\(?[a-z][.)])[\s\u00a0]+/i, "");
  paragraph.replaceWith(item);
}

/** Items within items stand behind their item; an item's own paragraphs become lines. */
function separateNested(item) {
  const nested = [...item.children].filter((child) => child.matches("ul, ol"));
  for (const list of nested.reverse()) item.after(...list.childNodes);
  nested.forEach((list) => list.remove());
  const paragraphs = [...item.children].filter((child) => child.matches("p, div"));
  paragraphs.forEach((each, place) => {
    if (place > 0) each.before(item.ownerDocument.createElement("br"));
    each.replaceWith(...each.childNodes);
  });
}

function flattenCell(each, page) {
  const blocks = each.querySelectorAll("p, div, li");
  blocks.forEach((block, place) => {
    if (place > 0) block.before(page.createTextNode(" "));
    block.replaceWith(...block.childNodes);
  });
  each.querySelectorAll("br").forEach((line) => line.replaceWith(page.createTextNode(" ")));
}

/** Word breaks its source at column 80: such a line end is a blank. */
function joinLines(body) {
  const walker = body.ownerDocument.createTreeWalker(body, 4);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) node.data = node.data.replace(/[\r\n\t ]+/g, " ");
}
