// „Stützt sich auf“: the needs, proposals, statements and amendments behind the block in which one writes. The page brings the
// boxes; here they follow the cursor. Chosen is what a block carries itself; one that carries nothing has what is stored.
import { currentBlock } from "./commands.js";
import { keyOfSource, schema, sourceOfKey } from "./schema.js";
import { placeOf } from "./status.js";

/** What answers the sources of a block; without the panel no block has any. */
export function storedSources(panel) {
  const stored = new Map(Object.entries(JSON.parse(panel?.dataset.stored || "{}")));
  return (node) => node.attrs.sources ?? (stored.get(node.attrs.id) || []).map(sourceOfKey);
}

const keysOf = (sources) => sources.map(keyOfSource).sort().join(" ");

export class SourcesPanel {
  constructor(view, dom, { restsOn, status }) {
    Object.assign(this, { view, dom, restsOn, status });
    this.boxes = [...dom.querySelectorAll("input[type=checkbox]")];
    this.legend = dom.querySelector("legend");
    this.count = dom.querySelector("[data-sources-count]");
    // The blocks carry what is chosen: the boxes themselves are not sent.
    for (const box of this.boxes) box.removeAttribute("name");
    dom.addEventListener("change", (event) => this.choose(event.target));
    dom.addEventListener("keydown", (event) => event.key === "Escape" && (event.preventDefault(), view.focus()));
    dom.hidden = false;
    this.update(view);
  }

  update({ state }) {
    const block = currentBlock(state);
    const canRest = Boolean(block) && block.node.type !== schema.nodes.subheading;
    const chosen = new Set(canRest ? this.restsOn(block.node).map(keyOfSource) : []);
    for (const box of this.boxes) {
      box.checked = chosen.has(box.value);
      box.disabled = !canRest;
    }
    if (this.legend) this.legend.textContent = `Worauf stützt sich: ${placeOf(state)}?`;
    this.count.textContent = chosen.size ? `${chosen.size} ausgewählt` : "nichts ausgewählt";
  }

  choose(box) {
    const { state } = this.view;
    const block = currentBlock(state);
    if (!block) return;
    const others = this.restsOn(block.node).filter((each) => keyOfSource(each) !== box.value);
    const chosen = box.checked ? [...others, sourceOfKey(box.value)] : others;
    const before = this.restsOn(block.node.type.create({ ...block.node.attrs, sources: null }));
    const isAsStored = keysOf(chosen) === keysOf(before);
    this.view.dispatch(state.tr.setNodeAttribute(block.place, "sources", isAsStored ? null : chosen));
    const name = box.labels[0].textContent.trim();
    this.status.tell(`${placeOf(state)} stützt sich ${box.checked ? "jetzt" : "nicht mehr"} auf „${name}“.`);
  }
}
