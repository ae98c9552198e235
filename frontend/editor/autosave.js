// Keeps what is typed on the server as a private draft, a moment after each change and when the page is left. What the server
// can't take now (no line, signed out) waits in this browser, for its writer alone, and is put back when the page opens again.
import { Node } from "prosemirror-model";

import { schema } from "./schema.js";

const PAUSE = 2_000;
const PAUSE_WITHOUT_LINE = 15_000;
/** What browsers send along while a page is left. */
const MOST_AT_LEAVING = 60_000;
const KEPT_DAYS = 7;
const PREFIX = "dialogforum-entwurf ";
const FIELDS = ["title", "note", "reason"];

export function keepDraft(form, status) {
  const { editor } = form;
  const url = form.dataset.draftUrl;
  const place = `${PREFIX}${form.dataset.draftOwner} ${url}`;
  const revisionField = form.elements.namedItem("revision");
  let changes = 0;
  let kept = 0;
  let sending = null;
  let sent = 0;
  let timer = 0;
  let isOver = false;
  let wasTold = false;
  let waitsHere = false;

  const isWaiting = () => changes > kept;
  editor.isUnkept = () => isWaiting() && !localStorage.getItem(place);

  const note = () => {
    changes += 1;
    if (waitsHere) keepHereSoon();
    else if (!isOver) plan(PAUSE);
  };
  const keepHereSoon = () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(keepHere, PAUSE / 4);
  };
  const plan = (pause) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(keep, pause);
  };

  async function keep({ isLeaving = false } = {}) {
    window.clearTimeout(timer);
    if (isOver || !isWaiting() || (sending && (!isLeaving || sent === changes))) return;
    const mark = changes;
    sent = mark;
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const isSmall = body.toString().length < MOST_AT_LEAVING;
    if (isLeaving && !isSmall) keepHere();
    sending = fetch(url, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
      keepalive: isLeaving && isSmall,
      redirect: "manual",
    });
    try {
      await answer(await sending, mark);
    } catch {
      keepHere();
      status.saved("Keine Verbindung. Ihr Text ist in diesem Browser aufgehoben und wird gesichert, sobald es wieder geht.", { isNews: true });
      plan(PAUSE_WITHOUT_LINE);
    } finally {
      sending = null;
    }
    if (isWaiting() && !isOver && !isLeaving) plan(PAUSE);
  }

  async function answer(response, mark) {
    if (response.ok) {
      const told = await response.json();
      kept = Math.max(kept, mark);
      revisionField.value = told.revision;
      localStorage.removeItem(place);
      status.offer("");
      status.saved(`Als Ihr Entwurf gesichert: ${told.kept_at}`, { isNews: !wasTold });
      wasTold = true;
      return;
    }
    if (response.status === 401 || response.status === 403) {
      keepHere();
      isOver = waitsHere = true;
      const onward = `/anmelden?weiter=${encodeURIComponent(window.location.pathname)}`;
      status.saved("");
      if (response.status === 401) {
        status.offer("Ihre Anmeldung ist beendet. Ihr Text ist in diesem Browser aufgehoben und nach dem Anmelden wieder da.", [["Anmelden und weiterschreiben", () => (keepHere(), window.location.assign(onward))]]);
      } else {
        status.offer("Hier kann gerade nicht gesichert werden. Ihr Text ist in diesem Browser aufgehoben. Laden Sie die Seite neu, dann ist er wieder da.", [["Seite neu laden", () => window.location.reload()]]);
      }
      return;
    }
    if (response.status === 409) {
      const told = await response.json();
      isOver = waitsHere = true;
      keepHere();
      status.saved("");
      status.offer(`${told.detail} Ihr Text hier wird nicht mehr gesichert, bis Sie entscheiden.`, [
        ["Den anderen Stand laden", leave],
        ["Mit diesem Text weiterschreiben", () => goOn(told.revision)],
      ]);
      return;
    }
    keepHere();
    const told = response.status === 422 ? (await response.json()).detail : "Der Text ist zu groß oder der Dienst nicht erreichbar.";
    status.saved(`Noch nicht gesichert: ${told}`, { isNews: true });
    plan(PAUSE_WITHOUT_LINE);
  }

  const leave = () => {
    kept = changes;
    waitsHere = false;
    localStorage.removeItem(place);
    window.location.assign(window.location.pathname);
  };
  const goOn = (revision) => {
    revisionField.value = revision;
    isOver = waitsHere = false;
    status.offer("");
    changes += 1;
    keep();
  };

  /** The last resort: only what the server could not take, only until it can. */
  function keepHere() {
    const fields = Object.fromEntries(FIELDS.map((name) => [name, form.elements.namedItem(name)?.value ?? ""]));
    const base = form.elements.namedItem("base_version").value;
    const text = { doc: editor.view.state.doc.toJSON(), fields, base, revision: revisionField.value, at: Date.now() };
    try {
      localStorage.setItem(place, JSON.stringify(text));
    } catch {
      status.offer("Ihr Text kann gerade nirgends gesichert werden. Bitte kopieren Sie ihn, bevor Sie die Seite verlassen.");
    }
  }

  /** What waited here comes back by itself; where the draft went on elsewhere meanwhile, its writer decides. */
  function takeBack() {
    forgetOld();
    const found = readKept(place);
    if (!found) return;
    const put = () => {
      const { view } = editor;
      const doc = Node.fromJSON(schema, found.doc);
      view.dispatch(view.state.tr.replaceWith(0, view.state.doc.content.size, doc.content));
      for (const [name, value] of Object.entries(found.fields)) {
        const field = form.elements.namedItem(name);
        if (field) field.value = value;
      }
      form.elements.namedItem("base_version").value = found.base;
      status.saved("Ihr ungesicherter Text ist wieder da.", { isNews: true });
      changes += 1;
      keep();
    };
    if (Number(found.revision) >= Number(revisionField.value)) {
      put();
      return;
    }
    const at = new Date(found.at).toLocaleString("de-DE", { dateStyle: "long", timeStyle: "short" });
    status.offer(`In diesem Browser liegt noch ein Text vom ${at}, der nicht gesichert werden konnte. Inzwischen haben Sie woanders weitergeschrieben.`, [
      ["Diesen Text einsetzen", () => (status.offer(""), put())],
      ["Verwerfen", () => (localStorage.removeItem(place), status.offer(""))],
    ]);
  }

  form.addEventListener("editor:change", note);
  form.addEventListener("input", (event) => event.target.name && note());
  form.addEventListener("submit", () => {
    isOver = true;
    window.clearTimeout(timer);
  });
  window.addEventListener("pageshow", (event) => event.persisted && (isOver = false));
  const keepAtLeaving = () => (waitsHere ? keepHere() : keep({ isLeaving: true }));
  document.addEventListener("visibilitychange", () => document.hidden && keepAtLeaving());
  window.addEventListener("pagehide", keepAtLeaving);
  window.addEventListener("online", () => keep());
  takeBack();
  if (form.hasAttribute("data-editor-changed")) note();
}

function readKept(place) {
  try {
    return JSON.parse(localStorage.getItem(place) || "null");
  } catch {
    return null;
  }
}

/** On a shared machine nothing of anybody lies about for long. */
function forgetOld() {
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(PREFIX) && !(readKept(name)?.at > oldest)) localStorage.removeItem(name);
  }
}
