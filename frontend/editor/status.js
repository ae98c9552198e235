// Where one writes, as the status line of a word processor says it; spoken only when it changes.
import { currentBlock } from "./commands.js";
import { KINDS, PART_NAMES } from "./schema.js";
import { element } from "./toolbar.js";

let count = 0;

/** „Empfehlung, Absatz a)“. */
export function placeOf(state) {
  const block = currentBlock(state);
  if (!block) return "";
  const number = block.node.attrs.number ? ` ${block.node.attrs.number})` : "";
  return `${PART_NAMES.get(block.part.attrs.part)}, ${KINDS.get(block.node.type.name)}${number}`;
}

export class StatusLine {
  constructor() {
    count += 1;
    this.id = `schreibstelle-${count}`;
    this.dom = element("div", { class: "editor-status" });
    this.place = element("p", { class: "editor-status__place", id: this.id, role: "status" }, "Alt+F10 führt zu den Werkzeugen, F1 zeigt alle Tasten.");
    this.told = element("p", { class: "editor-status__told", role: "alert" });
    this.dom.append(this.place, this.told);
  }

  show(text) {
    if (text && this.place.textContent !== text) this.place.textContent = text;
  }

  say(text) {
    this.told.textContent = text;
  }
}
