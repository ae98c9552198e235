// What the editor asks in a window of its own: where a link leads, what a footnote says; and what its keys are.
import { NodeSelection } from "prosemirror-state";

import { safeAddress, schema } from "./schema.js";
import { element } from "./toolbar.js";
import { WORDS } from "./words.js";

const { link } = schema.marks;
const { footnote } = schema.nodes;
let count = 0;

const KEYS = [
  ["Strg+B, Strg+I", "fett, kursiv"],
  ["Strg+K", "Link setzen oder ändern"],
  ["Strg+Alt+F", "Fußnote"],
  ["Eingabe", "neuer Absatz; Umschalt+Eingabe: neue Zeile im selben Absatz"],
  ["Strg+Alt+0", "Absatz"],
  ["Strg+Umschalt+8", "Listenpunkt; oder am Anfang des Absatzes „- “ schreiben"],
  ["Strg+Alt+1", "Zwischenüberschrift"],
  ["Strg+Alt+T", "Tabelle; mit Tab von Zelle zu Zelle"],
  ["a) und Leertaste", "nummeriert einen Absatz der Empfehlung"],
  ["Alt+Pfeil hoch, runter", "Absatz verschieben, auch in den Teil davor oder danach"],
  ["Strg+Z, Strg+Y", "rückgängig, wiederholen"],
  ["Alt+F10", "zu den Werkzeugen; Pfeiltasten wechseln, Escape geht zurück"],
  ["Tab", "weiter zum nächsten Feld der Seite"],
];

/** A window with fields; `apply` answers what is wrong, or nothing. Focus goes back to the text. */
function ask({ view, title, fields, apply, remove }) {
  count += 1;
  const dialog = element("dialog", { class: "dialog", "aria-labelledby": `fenster-${count}` });
  const form = element("form", { method: "dialog", class: "dialog__form" });
  const wrong = element("p", { class: "kern-error", role: "alert" });
  form.append(element("h2", { id: `fenster-${count}`, class: "dialog__title" }, title), ...fields, wrong);
  const row = element("div", { class: "form__actions" });
  const button = (text, style, act) => {
    const made = element("button", { type: act ? "button" : "submit", class: `kern-btn kern-btn--${style}` });
    made.append(element("span", { class: "kern-label" }, text));
    if (act) made.addEventListener("click", act);
    row.append(made);
  };
  const leave = () => dialog.close();
  if (apply) button(WORDS.apply, "primary");
  if (remove) button(WORDS.remove, "secondary", () => (remove(), leave()));
  button(apply ? WORDS.cancel : WORDS.close, apply ? "tertiary" : "primary", leave);
  form.append(row);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    wrong.textContent = apply() || "";
    if (!wrong.textContent) leave();
  });
  dialog.append(form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    view.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  const first = dialog.querySelector("input, textarea, button");
  first.focus();
  if (first.select) first.select();
  return dialog;
}

function field(tag, label, value) {
  count += 1;
  const holder = element("div", { class: "kern-form-input" });
  const input = element(tag, { id: `fenster-feld-${count}`, class: "kern-form-input__input" });
  if (tag === "textarea") input.rows = 4;
  input.value = value;
  holder.append(element("label", { class: "kern-label", for: input.id }, label), input);
  return { holder, input };
}

export function editLink(state, dispatch, view) {
  if (!dispatch) return true;
  const { $from, empty } = state.selection;
  let { from, to } = state.selection;
  const mark = link.isInSet($from.marks()) || ($from.nodeAfter && link.isInSet($from.nodeAfter.marks));
  if (empty && mark) [from, to] = extentOf($from, mark);
  const title = field("input", WORDS.linkLabel, mark?.attrs.href || "https://");
  const words = from === to ? field("input", "Wörter, die auf die Adresse führen", "") : null;
  ask({
    view,
    title: WORDS.linkTitle,
    fields: [...(words ? [words.holder] : []), title.holder],
    apply: () => {
      const href = safeAddress(title.input.value);
      if (!href) return WORDS.linkWrong;
      const text = words?.input.value.trim();
      if (words && !text) return "Bitte geben Sie die Wörter an, die auf die Adresse führen.";
      const transaction = view.state.tr;
      if (text) transaction.insertText(text, from);
      const end = text ? from + text.length : to;
      view.dispatch(transaction.removeMark(from, end, link).addMark(from, end, link.create({ href })));
      return null;
    },
    remove: mark ? () => view.dispatch(view.state.tr.removeMark(from, to, link)) : null,
  });
  return true;
}

function extentOf($place, mark) {
  const { parent } = $place;
  let index = Math.min($place.index(), parent.childCount - 1);
  if (!mark.isInSet(parent.child(index).marks) && index > 0) index -= 1;
  let [first, last] = [index, index];
  while (first > 0 && mark.isInSet(parent.child(first - 1).marks)) first -= 1;
  while (last < parent.childCount - 1 && mark.isInSet(parent.child(last + 1).marks)) last += 1;
  let from = $place.start();
  for (let place = 0; place < first; place += 1) from += parent.child(place).nodeSize;
  let to = from;
  for (let place = first; place <= last; place += 1) to += parent.child(place).nodeSize;
  return [from, to];
}

/** The footnote that is selected, or a new one behind the selection. */
export function editFootnote(state, dispatch, view) {
  const { selection } = state;
  const present = selection instanceof NodeSelection && selection.node.type === footnote ? selection.node : null;
  if (!present && !selection.$to.parent.inlineContent) return false;
  if (!dispatch) return true;
  const place = present ? selection.from : selection.to;
  const text = field("textarea", WORDS.footnoteLabel, present?.attrs.text || "");
  const put = (content) => {
    const end = present ? place + 1 : place;
    const transaction = view.state.tr;
    view.dispatch(content ? transaction.replaceWith(place, end, footnote.create({ text: content })) : transaction.delete(place, end));
  };
  ask({
    view,
    title: WORDS.footnoteTitle,
    fields: [text.holder],
    apply: () => (put(text.input.value.replace(/\s+/g, " ").trim()), null),
    remove: present ? () => put("") : null,
  });
  return true;
}

export function showHelp(_state, dispatch, view) {
  if (!dispatch) return true;
  const list = element("dl", { class: "keys" });
  for (const [keys, meaning] of KEYS) {
    const row = element("div", { class: "keys__row" });
    const term = element("dt");
    term.append(element("kbd", {}, keys));
    row.append(term, element("dd", {}, meaning));
    list.append(row);
  }
  ask({ view, title: WORDS.helpTitle, fields: [list] });
  return true;
}
