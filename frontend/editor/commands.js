// What a person can do to blocks: end one, begin one, give it another kind, part, number or place.
import { Fragment } from "prosemirror-model";
import { NodeSelection, Selection, TextSelection } from "prosemirror-state";
import { canSplit } from "prosemirror-transform";

import { isEmptyBlock, partNode } from "./blocks.js";
import { eachBlock } from "./identity.js";
import { schema } from "./schema.js";

const { paragraph, list_item: listItem, subheading, table_row: tableRow, cell, hard_break: hardBreak } = schema.nodes;
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** The block the cursor stands in, its place and its part. */
export function currentBlock(state) {
  const { $from } = state.selection;
  if ($from.depth < 2) return null;
  return { node: $from.node(2), place: $from.before(2), part: $from.node(1), index: $from.index(1) };
}

function selectedBlocks(state) {
  const { from, to } = state.selection;
  const found = [];
  eachBlock(state.doc, (node, place, part) => {
    if (place < to && place + node.nodeSize > from) found.push({ node, place, part });
  });
  return found;
}

// --- Enter and Backspace --------------------------------------------------------------------------------

/** Enter: the next block. An empty item or heading becomes a paragraph; after a numbered part the next number is begun. */
export function beginBlock(state, dispatch) {
  const { $from, $to, empty } = state.selection;
  const current = currentBlock(state);
  if (!current || !$from.sameParent($to) || state.selection instanceof NodeSelection) return false;
  if (current.node.type === tableRow) return beginRow(state, dispatch, current);
  if (empty && isEmptyBlock(current.node) && (current.node.type !== paragraph || current.node.attrs.number)) {
    if (dispatch) dispatch(state.tr.setNodeMarkup(current.place, paragraph, { ...current.node.attrs, number: null }));
    return true;
  }
  const isAtEnd = $to.parentOffset === $to.parent.content.size;
  const type = current.node.type === subheading ? paragraph : current.node.type;
  const number = isAtEnd ? nextNumber(state.doc, current.node.attrs.number) : null;
  const transaction = state.tr.deleteSelection();
  const place = transaction.mapping.map($from.pos);
  const next = [{ type: isAtEnd ? type : current.node.type, attrs: { ...current.node.attrs } }];
  if (isAtEnd && current.node.content.size) next[0].attrs = { number };
  if (!canSplit(transaction.doc, place, 1, next)) return false;
  if (dispatch) dispatch(transaction.split(place, 1, next).scrollIntoView());
  return true;
}

/** In a table the next row; on an empty row the table ends. */
function beginRow(state, dispatch, { node, place }) {
  if (!dispatch) return true;
  const behind = place + node.nodeSize;
  if (isEmptyBlock(node)) {
    const transaction = state.tr.replaceWith(place, behind, paragraph.create());
    dispatch(transaction.setSelection(TextSelection.create(transaction.doc, place + 1)).scrollIntoView());
    return true;
  }
  const cells = [];
  node.forEach(() => cells.push(cell.create()));
  const transaction = state.tr.insert(behind, tableRow.create(null, cells));
  dispatch(transaction.setSelection(TextSelection.create(transaction.doc, behind + 2)).scrollIntoView());
  return true;
}

/** Backspace at the beginning: first the number goes, then the kind; only then the block joins the one before. */
export function softenBlock(state, dispatch) {
  const { $cursor } = state.selection;
  const current = currentBlock(state);
  if (!$cursor || !current || $cursor.parentOffset > 0) return false;
  const { node, place } = current;
  if (node.type === tableRow) {
    if (!isEmptyBlock(node) || $cursor.index(2) > 0) return $cursor.index(2) > 0;
    if (dispatch) {
      const transaction = state.tr.replaceWith(place, place + node.nodeSize, paragraph.create());
      dispatch(transaction.setSelection(TextSelection.create(transaction.doc, place + 1)));
    }
    return true;
  }
  if (!node.attrs.number && node.type === paragraph) return false;
  const type = node.attrs.number ? node.type : paragraph;
  if (dispatch) dispatch(state.tr.setNodeMarkup(place, type, { ...node.attrs, number: null }));
  return true;
}

export function breakLine(state, dispatch) {
  if (state.selection.$from.parent.type === cell) return true;
  if (dispatch) dispatch(state.tr.replaceSelectionWith(hardBreak.create()).scrollIntoView());
  return true;
}

/** What is selected across parts is deleted in each part by itself, so that no text slides into another part. */
export function deleteAcrossParts(state) {
  const { $from, $to } = state.selection;
  if (state.selection.empty || $from.sharedDepth($to.pos) >= 1) return null;
  const transaction = state.tr;
  const parts = [];
  state.doc.forEach((part, start) => parts.push([part, start]));
  for (const [part, start] of parts.reverse()) {
    const [first, last] = [start + 1, start + part.nodeSize - 1];
    const [from, to] = [Math.max($from.pos, first), Math.min($to.pos, last)];
    if (from >= to && !(from === first && to === last)) continue;
    if (from === first && to === last) {
      transaction.replaceWith(start, start + part.nodeSize, partNode(part.attrs.part));
      continue;
    }
    const end = to === last ? Selection.near(state.doc.resolve(last), -1).to : to;
    if (end > from) transaction.delete(from, end);
  }
  const at = transaction.mapping.map($from.pos, -1);
  return transaction.setSelection(Selection.near(transaction.doc.resolve(at), 1)).scrollIntoView();
}

export function deleteSelectionByPart(state, dispatch) {
  const transaction = deleteAcrossParts(state);
  if (!transaction) return false;
  if (dispatch) dispatch(transaction);
  return true;
}

// --- Kind, part, number, place --------------------------------------------------------------------------

/** Give the selected blocks another kind; asked for the kind they have, they become paragraphs again. */
export function changeKind(name) {
  return (state, dispatch) => {
    const chosen = selectedBlocks(state);
    if (!chosen.length) return false;
    const isSameKind = chosen.every(({ node }) => node.type.name === name);
    const type = schema.nodes[isSameKind ? "paragraph" : name];
    if (!dispatch) return true;
    const transaction = state.tr;
    for (const { node, place } of chosen.reverse()) retype(transaction, node, place, type);
    if (!transaction.selection.$from.parent.inlineContent) {
      transaction.setSelection(Selection.near(transaction.doc.resolve(transaction.selection.from)));
    }
    dispatch(transaction.scrollIntoView());
    return true;
  };
}

function retype(transaction, node, place, type) {
  if (node.type === type) return;
  const attributes = { ...node.attrs };
  if (type !== tableRow && node.type !== tableRow) {
    if (type === subheading) withoutFootnotes(transaction, node, place);
    transaction.setNodeMarkup(place, type, attributes);
    return;
  }
  const { from } = transaction.selection;
  const content = type === tableRow ? cellsOf(node) : lineOf(node);
  transaction.replaceWith(place, place + node.nodeSize, type.create(attributes, content));
  if (from >= place && from <= place + node.nodeSize) {
    const begin = place + (type === tableRow ? 2 : 1);
    transaction.setSelection(Selection.near(transaction.doc.resolve(begin)));
  }
}

/** A sub-heading holds plain words: its marks go, a footnote would have no place. */
function withoutFootnotes(transaction, node, place) {
  const from = place + 1;
  const to = place + 1 + node.content.size;
  transaction.removeMark(from, to);
  const plain = Fragment.from(
    node.textContent ? schema.text(node.textBetween(0, node.content.size, " ", (leaf) => (leaf.type === hardBreak ? " " : ""))) : null,
  );
  transaction.replaceWith(from, to, plain);
}

function cellsOf(node) {
  return [cell.create(null, withoutBreaks(node.content)), cell.create()];
}

function withoutBreaks(content) {
  const nodes = [];
  content.forEach((child) => nodes.push(child.type === hardBreak ? schema.text(" ") : child));
  return Fragment.from(nodes);
}

function lineOf(row) {
  const nodes = [];
  row.forEach((each, _place, index) => {
    if (index > 0 && each.content.size) nodes.push(schema.text(" – "));
    each.forEach((child) => nodes.push(child));
  });
  return Fragment.from(nodes);
}

/** Put the selected blocks at the end of another part. */
export function changePart(name) {
  return (state, dispatch) => {
    const chosen = selectedBlocks(state).filter(({ part }) => part.attrs.part !== name);
    if (!chosen.length) return false;
    let target = null;
    state.doc.forEach((part, start) => {
      if (part.attrs.part === name) target = { part, start };
    });
    if (!target) return false;
    if (dispatch) {
      const transaction = state.tr;
      const isFree = target.part.childCount === 1 && isEmptyBlock(target.part.firstChild);
      const end = target.start + target.part.nodeSize - 1;
      const nodes = Fragment.from(chosen.map(({ node }) => node));
      removeBlocks(transaction, chosen);
      const at = transaction.mapping.map(end, -1);
      const from = isFree ? transaction.mapping.map(target.start + 1) : at;
      transaction.replaceWith(from, at, nodes);
      transaction.setSelection(Selection.near(transaction.doc.resolve(from + 1)));
      dispatch(transaction.scrollIntoView());
    }
    return true;
  };
}

/** Take blocks out; a part that would be empty keeps an empty paragraph. */
function removeBlocks(transaction, chosen) {
  const perPart = new Map();
  for (const each of chosen) perPart.set(each.part, [...(perPart.get(each.part) || []), each]);
  for (const [part, blocks] of [...perPart].reverse()) {
    const isAll = blocks.length === part.childCount;
    for (const { node, place } of [...blocks].reverse()) {
      const isLast = isAll && node === blocks[0].node;
      const from = transaction.mapping.map(place);
      const to = from + node.nodeSize;
      if (isLast) transaction.replaceWith(from, to, paragraph.create());
      else transaction.delete(from, to);
    }
  }
}

/** Move the block up (-1) or down (1); at the edge of its part into the next part. */
export function moveBlock(direction) {
  return (state, dispatch) => {
    const current = currentBlock(state);
    if (!current) return false;
    const { node, place, part, index } = current;
    const neighbour = part.maybeChild(index + direction);
    const target = neighbour ? part : state.doc.maybeChild(state.selection.$from.index(0) + direction);
    if (!target || (!neighbour && isEmptyBlock(node))) return false;
    if (!dispatch) return true;
    const step = neighbour ? neighbour.nodeSize : 2;
    const edge = direction < 0 ? place - step : place + node.nodeSize + step;
    const isFree = !neighbour && target.childCount === 1 && isEmptyBlock(target.firstChild);
    const free = isFree ? target.firstChild.nodeSize : 0;
    const [from, to] = direction < 0 ? [edge - free, edge] : [edge, edge + free];
    const transaction = state.tr.replaceWith(from, to, node);
    removeBlocks(transaction, [current]);
    const left = part.childCount === 1 ? paragraph.create().nodeSize : 0;
    const at = direction < 0 ? from : from - node.nodeSize + left;
    transaction.setSelection(Selection.near(transaction.doc.resolve(at + state.selection.from - place)));
    dispatch(transaction.scrollIntoView());
    return true;
  };
}

/** Give the block a number, or take it away with null; only the recommendation's paragraphs and items carry one. */
export function setNumber(number) {
  return (state, dispatch) => {
    const current = currentBlock(state);
    if (!current || !mayBeNumbered(current)) return false;
    if (number !== null && number !== current.node.attrs.number && numbersOf(state.doc).has(number)) return false;
    if (dispatch) dispatch(state.tr.setNodeMarkup(current.place, null, { ...current.node.attrs, number }));
    return true;
  };
}

export function mayBeNumbered({ node, part }) {
  return part.attrs.part === "recommendation" && (node.type === paragraph || node.type === listItem);
}

export function numbersOf(doc) {
  const numbers = new Set();
  eachBlock(doc, (node) => {
    if (node.attrs.number) numbers.add(node.attrs.number);
  });
  return numbers;
}

/** The numbers to choose from: those in use, and the next ones after them, in the way the text counts. */
export function numbersToChoose(doc) {
  const used = numbersOf(doc);
  const counts = [...used].some((number) => /^\d/.test(number));
  const all = counts ? Array.from({ length: 30 }, (_each, place) => String(place + 1)) : [...LETTERS];
  const last = Math.max(-1, ...all.map((number, place) => (used.has(number) ? place : -1)));
  return [...new Set([...all.slice(0, last + 5), ...used])];
}

function nextNumber(doc, number) {
  if (!number) return null;
  const place = LETTERS.indexOf(number);
  const next = /^\d+$/.test(number) ? String(Number(number) + 1) : number.length === 1 && place < 25 ? LETTERS[place + 1] : null;
  return next && Number(next) !== 100 && !numbersOf(doc).has(next) ? next : null;
}

// --- Tables ---------------------------------------------------------------------------------------------

export function isInTable(state) {
  return currentBlock(state)?.node.type === tableRow;
}

/** Tab and Shift+Tab go from cell to cell; behind the last and before the first the key is the page's again. */
export function goToCell(direction) {
  return (state, dispatch) => {
    if (!isInTable(state)) return false;
    const { $from } = state.selection;
    const next = $from.index(2) + direction;
    const current = currentBlock(state);
    let place = current.place + 1;
    if (next >= 0 && next < current.node.childCount) {
      for (let index = 0; index < next; index += 1) place += current.node.child(index).nodeSize;
    } else {
      const neighbour = current.part.maybeChild(current.index + direction);
      if (neighbour?.type !== tableRow) return false;
      place = direction > 0 ? current.place + current.node.nodeSize + 1 : current.place - 1 - neighbour.lastChild.nodeSize;
    }
    if (dispatch) {
      const inner = state.doc.resolve(place + 1);
      dispatch(state.tr.setSelection(TextSelection.create(state.doc, place + 1, place + 1 + inner.parent.content.size)).scrollIntoView());
    }
    return true;
  };
}

/** One column more behind the cursor's, or the cursor's column less, in all rows of the table. */
export function changeColumns(direction) {
  return (state, dispatch) => {
    const current = currentBlock(state);
    if (current?.node.type !== tableRow) return false;
    const column = state.selection.$from.index(2);
    const rows = rowsAround(current);
    if (direction < 0 && rows.some(({ node }) => node.childCount < 2)) return false;
    if (dispatch) {
      const transaction = state.tr;
      for (const { node, place } of rows.reverse()) {
        const index = Math.min(column, node.childCount - 1);
        let at = place + 1;
        for (let before = 0; before < index; before += 1) at += node.child(before).nodeSize;
        if (direction > 0) transaction.insert(at + node.child(index).nodeSize, cell.create());
        else transaction.delete(at, at + node.child(index).nodeSize);
      }
      dispatch(transaction.scrollIntoView());
    }
    return true;
  };
}

function rowsAround({ part, index, place }) {
  let first = index;
  let start = place;
  while (first > 0 && part.child(first - 1).type === tableRow) {
    first -= 1;
    start -= part.child(first).nodeSize;
  }
  const rows = [];
  for (let row = first; row < part.childCount && part.child(row).type === tableRow; row += 1) {
    rows.push({ node: part.child(row), place: start });
    start += part.child(row).nodeSize;
  }
  return rows;
}
