// Makes pages nicer that work without it: warns before unsaved text is lost, asks before what can't be undone, applies a
// filter when it is chosen, counts what is left of a text, moves the focus to what was wrong, says what is new. Stores nothing.
import { listenForNews, markWhatIsOpened } from "./news.js";

const german = new Intl.NumberFormat("de-DE");

/** Text that would be lost: remembered per form, forgotten when the form is sent. */
function warnOfUnsavedText() {
  const changed = new Set();
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    form.addEventListener("input", (event) => {
      if (event.target.matches("textarea, input[type=text]")) changed.add(form);
    });
    form.addEventListener("editor:change", () => changed.add(form));
    form.addEventListener("submit", () => changed.delete(form));
  }
  // What the editor keeps by itself is not lost.
  const isLost = (form) => (form.editor?.isUnkept ? form.editor.isUnkept() : true);
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some(isLost)) event.preventDefault();
  });
}

function askBeforeWhatStays() {
  for (const form of document.querySelectorAll("form[data-confirm]")) {
    form.addEventListener("submit", (event) => {
      if (!window.confirm(form.dataset.confirm)) event.preventDefault();
    });
  }
}

/** A form sent twice makes one object on the server; here the second click doesn't even leave. */
function sendOnce() {
  for (const form of document.querySelectorAll("form[method=post]")) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      if (sent) event.preventDefault();
      sent = true;
    });
    window.addEventListener("pageshow", () => {
      sent = false;
    });
  }
}

/** Only a choice made with the pointer applies at once: by keyboard each arrow would reload the page. */
function applyFilters() {
  for (const form of document.querySelectorAll("form[data-filter]")) {
    let byPointer = false;
    form.addEventListener("pointerdown", () => {
      byPointer = true;
    });
    form.addEventListener("keydown", () => {
      byPointer = false;
    });
    form.addEventListener("change", (event) => {
      if (byPointer && event.target.matches("select")) form.requestSubmit();
    });
    form.addEventListener("submit", () => {
      for (const field of form.elements) {
        if (field.name && field.value === "") field.disabled = true;
      }
    });
    window.addEventListener("pageshow", () => {
      for (const field of form.elements) field.disabled = false;
    });
  }
}

/** Says what is left only near the end, and aloud only when the typing rests. */
function countCharacters() {
  for (const area of document.querySelectorAll("textarea[data-count]")) {
    const limit = area.maxLength;
    if (!(limit > 0)) continue;
    const line = document.createElement("p");
    line.className = "remaining";
    line.setAttribute("aria-hidden", "true");
    const spoken = document.createElement("p");
    spoken.className = "kern-sr-only";
    spoken.setAttribute("role", "status");
    area.after(line, spoken);
    let rest = 0;
    const show = () => {
      const left = limit - area.value.length;
      const text = area.value.length < limit * 0.75 ? "" : `Noch ${german.format(left)} Zeichen`;
      line.textContent = text;
      window.clearTimeout(rest);
      rest = window.setTimeout(() => {
        spoken.textContent = text;
      }, 1500);
    };
    area.addEventListener("input", show);
    show();
  }
}

function focusWhatWasWrong() {
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
}

function closeMenus() {
  const menus = document.querySelectorAll("details.menu");
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (!menu.open) continue;
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
}

warnOfUnsavedText();
askBeforeWhatStays();
sendOnce();
applyFilters();
countCharacters();
focusWhatWasWrong();
closeMenus();
listenForNews();
markWhatIsOpened();
