// German quotes while typing: „ “ and ‚ ‘, the apostrophe ’ and the dash –; whoever did not mean it takes it back with Strg+Z.
import { InputRule, inputRules } from "prosemirror-inputrules";

import { mayBeNumbered, numbersOf } from "./commands.js";
import { schema } from "./schema.js";

const OPENS_AFTER = /(^|[\s([{/„‚–—\u00a0\ufffc])$/;

function quote(sign, opening, closing) {
  return new InputRule(new RegExp(`${sign}$`), (state, match, start, end) => {
    const $start = state.doc.resolve(start);
    const before = $start.parent.textBetween(Math.max(0, $start.parentOffset - 1), $start.parentOffset, "\n", "\ufffc");
    const isOpening = OPENS_AFTER.test(before);
    const isApostrophe = sign === "'" && /[\p{L}\p{N}]$/u.test(before) && !isOpen($start, "‚", "‘");
    return state.tr.insertText(isOpening ? opening : isApostrophe ? "’" : closing, start, end);
  });
}

/** Whether a quotation was begun in this block and not ended. */
function isOpen($place, opening, closing) {
  const text = $place.parent.textBetween(0, $place.parentOffset, "\n", "\ufffc");
  return text.lastIndexOf(opening) > text.lastIndexOf(closing);
}

const dash = new InputRule(/(?<=\s)-- $/, (state, _match, start, end) => state.tr.insertText("– ", start, end));

/** „- “ begins an item, „a) “ a numbered part, at the beginning of a paragraph. */
const item = new InputRule(/^[-*•]\s$/, (state, _match, start, end) => {
  const $start = state.doc.resolve(start);
  if ($start.parent.type !== schema.nodes.paragraph) return null;
  return state.tr.delete(start, end).setNodeMarkup($start.before(), schema.nodes.list_item, $start.parent.attrs);
});

const number = new InputRule(/^([a-z]{1,2}|[1-9][0-9]?)\)\s$/, (state, match, start, end) => {
  const $start = state.doc.resolve(start);
  const node = $start.parent;
  if ($start.depth !== 2 || !mayBeNumbered({ node, part: $start.node(1) }) || numbersOf(state.doc).has(match[1])) return null;
  return state.tr.delete(start, end).setNodeMarkup($start.before(), null, { ...node.attrs, number: match[1] });
});

export function typography({ isFixed }) {
  const rules = [quote('"', "„", "“"), quote("'", "‚", "‘"), dash];
  return inputRules({ rules: isFixed ? rules : [...rules, item, number] });
}
