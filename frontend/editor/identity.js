// What holds after every change: each block has an id, none has another's, no number stands twice, every part is there.
import { Plugin } from "prosemirror-state";

import { freshId, isEmptyBlock, partNode } from "./blocks.js";
import { keyOfSource, PARTS } from "./schema.js";

const NUMBERED = new Set(["paragraph", "list_item"]);

/**
 * `isWhole`: every part is kept; `isFixed`: blocks are neither added nor removed nor moved, only their texts change.
 * `restsOn` answers the sources of a block: of a split both halves keep them, what two became keeps both's.
 */
export function identity({ isWhole, isFixed, restsOn }) {
  return new Plugin({
    filterTransaction: (transaction, state) =>
      !isFixed || !transaction.docChanged || namesOf(transaction.doc) === namesOf(state.doc),
    appendTransaction(transactions, old, state) {
      if (!transactions.some((each) => each.docChanged)) return null;
      const repair = state.tr;
      if (isWhole) putBackParts(repair);
      joinSources(repair, transactions, old.doc, restsOn);
      giveIds(repair, restsOn);
      return repair.docChanged ? repair : null;
    },
  });
}

/** The ids of a document, in order. */
export function idsOf(doc) {
  const ids = [];
  eachBlock(doc, (node) => ids.push(node.attrs.id));
  return ids;
}

export function eachBlock(doc, visit) {
  doc.forEach((part, partPlace) => {
    part.forEach((node, place) => visit(node, partPlace + 1 + place, part));
  });
}

function namesOf(doc) {
  return idsOf(doc).join(" ");
}

function putBackParts(repair) {
  const names = PARTS.map(([name]) => name);
  for (const name of names) {
    let place = repair.doc.content.size;
    let isThere = false;
    repair.doc.forEach((part, start) => {
      if (part.attrs.part === name) isThere = true;
      if (names.indexOf(part.attrs.part) > names.indexOf(name)) place = Math.min(place, start);
    });
    if (!isThere) repair.insert(place, partNode(name));
  }
}

/** A block whose text went into another gives it its sources. */
function joinSources(repair, transactions, old, restsOn) {
  const here = new Set(idsOf(repair.doc));
  eachBlock(old, (node, place) => {
    if (here.has(node.attrs.id)) return;
    const given = restsOn(node);
    let [start, end] = [place + 1, place + node.nodeSize - 1];
    for (const { mapping } of transactions) [start, end] = [mapping.map(start, 1), mapping.map(end, -1)];
    if (!given.length || start >= end) return;
    const $start = repair.doc.resolve(repair.mapping.map(start));
    if ($start.depth < 2) return;
    const present = restsOn($start.node(2));
    const known = new Set(present.map(keyOfSource));
    const added = given.filter((each) => !known.has(keyOfSource(each)));
    if (added.length) repair.setNodeAttribute($start.before(2), "sources", [...present, ...added]);
  });
}

/** Of two blocks with one id the first that holds text keeps it: of a split the first part, of an empty line the text. */
function giveIds(repair, restsOn) {
  const owners = new Map();
  eachBlock(repair.doc, (node, place) => {
    const { id } = node.attrs;
    const owner = id && owners.get(id);
    if (id && (!owner || (isEmptyBlock(owner.node) && !isEmptyBlock(node)))) owners.set(id, { node, place });
  });
  const numbers = new Set();
  const numberOwners = new Set([...owners.values()].map((owner) => owner.place));
  const changes = [];
  eachBlock(repair.doc, (node, place, part) => {
    const attributes = { ...node.attrs };
    if (!attributes.id || owners.get(attributes.id).place !== place) {
      const kept = isEmptyBlock(node) ? [] : restsOn(node);
      const isChosen = kept.length > 0 || (attributes.sources !== null && !isEmptyBlock(node));
      Object.assign(attributes, { id: freshId(), sources: isChosen ? kept : null });
    }
    const mayBeNumbered = part.attrs.part === "recommendation" && NUMBERED.has(node.type.name);
    const isOwn = numberOwners.has(place);
    if (!mayBeNumbered || numbers.has(attributes.number)) attributes.number = null;
    else if (!isOwn && attributes.number && isUsedByOwner(repair.doc, numberOwners, attributes.number, place)) {
      attributes.number = null;
    }
    if (attributes.number) numbers.add(attributes.number);
    if (attributes.id !== node.attrs.id || attributes.number !== node.attrs.number) changes.push([place, attributes]);
  });
  for (const [place, attributes] of changes) repair.setNodeMarkup(place, null, attributes);
}

function isUsedByOwner(doc, owners, number, place) {
  let isUsed = false;
  eachBlock(doc, (node, other) => {
    if (other !== place && owners.has(other) && node.attrs.number === number) isUsed = true;
  });
  return isUsed;
}
