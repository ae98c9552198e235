// The editor: puts ProseMirror in the place of a text area, in any form marked `data-editor`. Without it the form works as it
// is. A form holds
//   [data-editor-place]   where the editor goes; `data-blocks` are the blocks as the filter `for_editor` writes them
//   [data-editor-plain]   what it takes the place of (the field with the text area), left out of what is sent
//   [data-editor-sources] what the block rests on in which one writes (see sources.js); may be missing
//   input[name=blocks]    hidden: receives the blocks as JSON, with their ids, when the form is sent
// and says by attributes of the form
//   data-editor="whole"   every part stands there, blocks come and go (the default)
//   data-editor="texts"   only the texts of the given blocks change; none is added, removed or moved
//   data-draft-url        where an unsaved text is kept as a private draft (see autosave.js); without it nothing is kept
// `form.editor` answers `blocks()`, `isChanged()` and `view`; every change sends the form the event `editor:change`.
import { baseKeymap, chainCommands, toggleMark } from "prosemirror-commands";
import { history, redo, undo } from "prosemirror-history";
import { undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { EditorState, NodeSelection, Plugin } from "prosemirror-state";
import { Decoration, DecorationSet, EditorView } from "prosemirror-view";

import { keepDraft } from "./autosave.js";
import { blocksOf, documentOf, isEmptyBlock } from "./blocks.js";
import {
  beginBlock,
  breakLine,
  changeKind,
  deleteSelectionByPart,
  goToCell,
  moveBlock,
  softenBlock,
} from "./commands.js";
import { editFootnote, editLink, showHelp } from "./dialogs.js";
import { identity } from "./identity.js";
import { pasting } from "./paste.js";
import { typography } from "./quotes.js";
import { PART_NAMES, schema } from "./schema.js";
import { SourcesPanel, storedSources } from "./sources.js";
import { placeOf, StatusLine } from "./status.js";
import { element, Toolbar } from "./toolbar.js";
import { WORDS } from "./words.js";
import "./editor.css";

let count = 0;

class PartView {
  constructor(node) {
    count += 1;
    this.name = node.attrs.part;
    const title = element("h2", { class: "prose__part", id: `teil-${count}`, contenteditable: "false" }, PART_NAMES.get(node.attrs.part));
    this.dom = element("section", { class: `prose__section prose__section--${node.attrs.part}`, "aria-labelledby": title.id });
    this.contentDOM = element("div", { class: "prose__blocks" });
    this.dom.append(title, this.contentDOM);
  }

  update(node) {
    return node.type === schema.nodes.part && node.attrs.part === this.name;
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}

/** An empty part says that one can write there. */
const invitation = new Plugin({
  props: {
    decorations(state) {
      const found = [];
      state.doc.forEach((part, start) => {
        if (part.childCount === 1 && isEmptyBlock(part.firstChild) && part.firstChild.type === schema.nodes.paragraph) {
          found.push(Decoration.node(start + 1, start + 1 + part.firstChild.nodeSize, { class: "prose__block--empty", "data-invitation": WORDS.emptyPart }));
        }
      });
      return DecorationSet.create(state.doc, found);
    },
  },
});

function keys({ isFixed, toToolbar }) {
  const structure = isFixed
    ? { Enter: breakLine }
    : {
        Enter: beginBlock,
        "Mod-Alt-0": changeKind("paragraph"),
        "Mod-Alt-1": changeKind("subheading"),
        "Mod-Shift-8": changeKind("list_item"),
        "Mod-Alt-t": changeKind("table_row"),
        "Alt-ArrowUp": moveBlock(-1),
        "Alt-ArrowDown": moveBlock(1),
      };
  return keymap({
    ...structure,
    "Mod-b": toggleMark(schema.marks.strong),
    "Mod-i": toggleMark(schema.marks.em),
    "Mod-k": editLink,
    "Mod-Alt-f": editFootnote,
    "Mod-z": chainCommands(undoInputRule, undo),
    "Mod-y": redo,
    "Mod-Shift-z": redo,
    "Shift-Enter": breakLine,
    Backspace: chainCommands(undoInputRule, deleteSelectionByPart, isFixed ? () => false : softenBlock),
    Delete: deleteSelectionByPart,
    Tab: goToCell(1),
    "Shift-Tab": goToCell(-1),
    "Alt-F10": toToolbar,
    F1: showHelp,
  });
}

/** A file that the server would refuse for its size isn't sent: what was typed stays on the page. */
function refuseLargeFiles(form) {
  form.addEventListener("submit", (event) => {
    const most = Number(event.submitter?.dataset.mostBytes);
    const field = form.querySelector("input[type=file]");
    if (!most || !(field?.files[0]?.size > most)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    field.setCustomValidity(WORDS.fileTooLarge);
    field.reportValidity();
    field.addEventListener("change", () => field.setCustomValidity(""), { once: true });
  });
}

/** Put the editor into the form; answers nothing where it can't. */
export function mount(form) {
  const place = form.querySelector("[data-editor-place]");
  const plain = form.querySelector("[data-editor-plain]");
  const field = form.querySelector("input[name=blocks]");
  if (!place?.dataset.blocks || !field || form.editor) return;
  const isFixed = form.dataset.editor === "texts";
  const isWhole = !isFixed;
  const status = new StatusLine();
  const restsOn = storedSources(form.querySelector("[data-editor-sources]"));
  let toolbar = null;
  let sources = null;
  const say = (text) => status.say(text);
  const doc = documentOf(JSON.parse(place.dataset.blocks), { isWhole });
  const label = place.dataset.label || WORDS.text;
  const described = plain?.querySelector("[aria-invalid]")?.getAttribute("aria-describedby");
  const state = EditorState.create({
    doc,
    plugins: [
      identity({ isWhole, isFixed, restsOn }),
      typography({ isFixed }),
      keys({ isFixed, toToolbar: () => (toolbar.focus(), true) }),
      keymap(baseKeymap),
      history(),
      invitation,
      pasting({ isFixed, say }),
    ],
  });
  count += 1;
  const view = new EditorView(place, {
    state,
    attributes: {
      id: `schreibflaeche-${count}`,
      class: "prose",
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": label,
      "aria-describedby": [status.id, described].filter(Boolean).join(" "),
      lang: "de",
      spellcheck: "true",
    },
    nodeViews: { part: (node) => new PartView(node) },
    handleClickOn(editor, _place, node, at, _event, isDirect) {
      if (node.type !== schema.nodes.footnote || !isDirect) return false;
      editor.dispatch(editor.state.tr.setSelection(NodeSelection.create(editor.state.doc, at)));
      return editFootnote(editor.state, editor.dispatch, editor);
    },
    handleKeyDown(editor, event) {
      const { selection } = editor.state;
      const isFootnote = selection instanceof NodeSelection && selection.node.type === schema.nodes.footnote;
      if (!isFootnote || event.key !== "Enter") return false;
      return editFootnote(editor.state, editor.dispatch, editor);
    },
    dispatchTransaction(transaction) {
      const before = view.state;
      view.updateState(view.state.apply(transaction));
      toolbar?.update(view);
      sources?.update(view);
      if (view.hasFocus()) status.show(placeOf(view.state));
      if (!view.state.doc.eq(before.doc)) form.dispatchEvent(new CustomEvent("editor:change"));
    },
  });
  // What every block is called is settled before the first key.
  view.dispatch(view.state.tr.setMeta("addToHistory", false).setNodeAttribute(0, "part", doc.firstChild.attrs.part));
  const begun = JSON.stringify(blocksOf(view.state.doc));
  toolbar = new Toolbar(view, { isFixed });
  const head = element("div", { class: "editor-head" });
  head.append(toolbar.dom);
  place.prepend(head);
  const offered = form.querySelector("[data-editor-sources]");
  if (offered) {
    sources = new SourcesPanel(view, offered, { restsOn, status });
    head.append(sources.dom);
  }
  place.append(status.dom);
  view.dom.addEventListener("focus", () => status.show(placeOf(view.state)));
  if (plain) plain.hidden = true;
  for (const each of plain?.querySelectorAll("[name]") || []) each.disabled = true;
  for (const hint of document.querySelectorAll("[data-plain-only]")) hint.hidden = true;
  for (const hint of document.querySelectorAll("[data-editor-only]")) hint.hidden = false;
  const blocks = () => blocksOf(view.state.doc);
  form.editor = { view, blocks, isChanged: () => JSON.stringify(blocks()) !== begun };
  form.addEventListener("formdata", (event) => event.formData.set("blocks", JSON.stringify(blocks())));
  for (const way of document.querySelectorAll("a[href='#feld-text'], a[href^='#feld-blocks']")) {
    way.addEventListener("click", (event) => (event.preventDefault(), view.focus()));
  }
  refuseLargeFiles(form);
  if (form.dataset.draftUrl) keepDraft(form, status);
}

for (const form of document.querySelectorAll("form[data-editor]")) mount(form);
