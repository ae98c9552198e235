// Where one writes and whether it is kept, as the status line of a word processor says it. Spoken aloud is only the place when
// it changes, and of keeping only the first time and what went wrong.
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
    this.keeping = element("p", { class: "editor-status__saved" });
    this.spoken = element("p", { class: "kern-sr-only", role: "status" });
    this.told = element("div", { class: "editor-status__told", role: "alert" });
    this.dom.append(this.place, this.keeping, this.spoken, this.told);
  }

  show(text) {
    if (text && this.place.textContent !== text) this.place.textContent = text;
  }

  say(text) {
    this.told.replaceChildren(...(text ? [element("p", {}, text)] : []));
  }

  saved(text, { isNews = false } = {}) {
    this.keeping.textContent = text;
    if (isNews) this.spoken.textContent = text;
  }

  /** Spoken only: it is seen elsewhere. */
  tell(text) {
    this.spoken.textContent = text;
  }

  /** Something that needs a decision, with a button for each way; an empty text takes it away. */
  offer(text, ways = []) {
    this.say(text);
    for (const [name, act] of ways) {
      const button = element("button", { type: "button", class: "kern-btn kern-btn--secondary" });
      button.append(element("span", { class: "kern-label" }, name));
      button.addEventListener("click", act);
      this.told.append(button);
    }
  }
}
