// The toolbar: real buttons that say whether they are pressed and which key does the same. One stop of the Tab key; arrows
// go from tool to tool; Alt+F10 comes here from the text, Escape goes back.
import { toggleMark } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";

import {
  changeColumns,
  changeKind,
  changePart,
  currentBlock,
  isInTable,
  mayBeNumbered,
  moveBlock,
  numbersOf,
  numbersToChoose,
  setNumber,
} from "./commands.js";
import { editFootnote, editLink, showHelp } from "./dialogs.js";
import { PART_NAMES, schema } from "./schema.js";
import { WORDS } from "./words.js";

const { strong, em, link } = schema.marks;

function isMarked(state, type) {
  const { from, $from, to, empty } = state.selection;
  if (empty) return Boolean(type.isInSet(state.storedMarks || $from.marks()));
  return state.doc.rangeHasMark(from, to, type);
}

const isKind = (name) => (state) => currentBlock(state)?.node.type.name === name;
const takesMarks = (state) => {
  const block = currentBlock(state);
  return Boolean(block) && block.node.type !== schema.nodes.subheading;
};

/** name, what it shows, key as said and as ARIA writes it, what it does, whether it is on, whether it can be used. */
const GROUPS = [
  [
    { name: "Fett", face: "F", className: "tool--bold", keys: ["Strg+B", "Control+B"], run: () => toggleMark(strong), isOn: (state) => isMarked(state, strong), isUsable: takesMarks },
    { name: "Kursiv", face: "K", className: "tool--italic", keys: ["Strg+I", "Control+I"], run: () => toggleMark(em), isOn: (state) => isMarked(state, em), isUsable: takesMarks },
    { name: "Link", face: "Link", keys: ["Strg+K", "Control+K"], run: () => editLink, isOn: (state) => isMarked(state, link), isUsable: takesMarks },
    { name: "Fußnote", face: "Fußnote", keys: ["Strg+Alt+F", "Control+Alt+F"], run: () => editFootnote, isUsable: takesMarks },
  ],
  [
    { name: "Absatz", face: "Absatz", keys: ["Strg+Alt+0", "Control+Alt+0"], run: () => changeKind("paragraph"), isOn: isKind("paragraph"), isStructure: true },
    { name: "Liste", face: "Liste", keys: ["Strg+Umschalt+8", "Control+Shift+8"], run: () => changeKind("list_item"), isOn: isKind("list_item"), isStructure: true },
    { name: "Überschrift", face: "Überschrift", keys: ["Strg+Alt+1", "Control+Alt+1"], run: () => changeKind("subheading"), isOn: isKind("subheading"), isStructure: true },
    { name: "Tabelle", face: "Tabelle", keys: ["Strg+Alt+T", "Control+Alt+T"], run: () => changeKind("table_row"), isOn: isKind("table_row"), isStructure: true },
    { name: "Spalte einfügen", face: "Spalte einfügen", run: () => changeColumns(1), isShown: isInTable, isStructure: true },
    { name: "Spalte entfernen", face: "Spalte entfernen", run: () => changeColumns(-1), isShown: isInTable, isStructure: true },
  ],
  [
    { name: "Nach oben verschieben", face: "↑", keys: ["Alt+Pfeil hoch", "Alt+ArrowUp"], run: () => moveBlock(-1), isStructure: true },
    { name: "Nach unten verschieben", face: "↓", keys: ["Alt+Pfeil runter", "Alt+ArrowDown"], run: () => moveBlock(1), isStructure: true },
  ],
  [
    { name: "Rückgängig", face: "↶", keys: ["Strg+Z", "Control+Z"], run: () => undo },
    { name: "Wiederholen", face: "↷", keys: ["Strg+Y", "Control+Y"], run: () => redo },
    { name: WORDS.helpTitle, face: "?", keys: ["F1", "F1"], run: () => showHelp },
  ],
];

export class Toolbar {
  constructor(view, { isFixed }) {
    this.view = view;
    this.tools = [];
    this.dom = element("div", { class: "toolbar", role: "toolbar", "aria-label": WORDS.toolbar, "aria-controls": view.dom.id });
    for (const group of GROUPS) {
      const shown = group.filter((tool) => !(isFixed && tool.isStructure));
      if (!shown.length) continue;
      const holder = element("div", { class: "toolbar__group" });
      for (const tool of shown) holder.append(this.button(tool));
      this.dom.append(holder);
      if (group === GROUPS[1]) this.dom.append(this.lists());
    }
    this.dom.addEventListener("keydown", (event) => this.walk(event));
    this.stops()[0].tabIndex = 0;
    this.update(view);
  }

  button(tool) {
    const [said, written] = tool.keys || [];
    const button = element("button", {
      type: "button",
      class: `tool ${tool.className || ""}`,
      title: said ? `${tool.name} (${said})` : tool.name,
      "aria-label": tool.name,
      ...(written ? { "aria-keyshortcuts": written } : {}),
      ...(tool.isOn ? { "aria-pressed": "false" } : {}),
    });
    button.append(element("span", { "aria-hidden": "true" }, tool.face));
    button.tabIndex = -1;
    // The selection stays where it is while the pointer presses.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") === "true") return;
      tool.run()(this.view.state, this.view.dispatch, this.view);
      if (!document.querySelector("dialog[open]")) this.view.focus();
    });
    this.tools.push({ ...tool, button });
    return button;
  }

  lists() {
    this.part = this.list("Teil", [...PART_NAMES], (name) => changePart(name));
    this.number = this.list("Nummer", [], (number) => setNumber(number || null));
    const holder = element("div", { class: "toolbar__group" });
    holder.append(this.part.label, this.number.label);
    return holder;
  }

  list(name, options, run) {
    const label = element("label", { class: "tool-list" });
    const select = element("select", { class: "tool-list__select" });
    select.tabIndex = -1;
    fill(select, options);
    label.append(element("span", { class: "tool-list__name" }, name), select);
    select.addEventListener("change", () => {
      run(select.value)(this.view.state, this.view.dispatch);
      this.update(this.view);
    });
    return { label, select };
  }

  stops() {
    return [...this.dom.querySelectorAll("button, select")].filter((each) => !each.hidden && !each.disabled);
  }

  walk(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      this.view.focus();
      return;
    }
    const stops = this.stops();
    const place = stops.indexOf(document.activeElement);
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: stops.length - 1 }[event.key];
    if (next === undefined || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    this.stopAt(stops[(next + stops.length) % stops.length]).focus();
  }

  stopAt(stop) {
    for (const each of this.dom.querySelectorAll("button, select")) each.tabIndex = -1;
    stop.tabIndex = 0;
    return stop;
  }

  focus() {
    const stops = this.stops();
    this.stopAt(stops.find((each) => each.tabIndex === 0) || stops[0]).focus();
  }

  update(view) {
    const { state } = view;
    for (const { button, isOn, isShown, isUsable, run } of this.tools) {
      if (isOn) button.setAttribute("aria-pressed", String(Boolean(isOn(state))));
      if (isShown) button.hidden = !isShown(state);
      const works = isUsable ? isUsable(state) : run === showHelp || run()(state, null, view) !== false;
      button.setAttribute("aria-disabled", String(!works));
    }
    if (!this.part) return;
    const block = currentBlock(state);
    this.part.select.value = block?.part.attrs.part || "";
    const isNumbered = Boolean(block) && mayBeNumbered(block);
    this.number.label.hidden = !isNumbered;
    this.number.select.hidden = !isNumbered;
    if (isNumbered) {
      const used = numbersOf(state.doc);
      const own = block.node.attrs.number;
      fill(this.number.select, [["", "ohne"], ...numbersToChoose(state.doc).map((each) => [each, `${each})`])]);
      for (const option of this.number.select.options) option.disabled = option.value !== own && used.has(option.value);
      this.number.select.value = own || "";
    }
  }
}

function fill(select, options) {
  const known = [...select.options].map((each) => each.value).join("|");
  if (known === options.map(([value]) => value).join("|") && known) return;
  select.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
}

export function element(tag, attributes = {}, text = null) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== null) made.textContent = text;
  return made;
}
