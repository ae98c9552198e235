// Hears from the server how many notifications are unread, and says so: a number in the header, a sentence for who does not
// see it, a line on the page of notifications. All words come from the server; a reload shows the same.

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 300_000;

/** Listens while the page is looked at: pages in the background keep no line open, and hear how things stand when they come back. */
export function listenForNews() {
  const link = document.querySelector("[data-live]");
  if (!link || !("EventSource" in window)) return;
  const spoken = document.createElement("p");
  spoken.className = "kern-sr-only";
  spoken.setAttribute("role", "status");
  document.body.append(spoken);
  let source = null;
  let pause = FIRST_PAUSE;
  let timer = 0;
  let isOver = false;

  const leave = () => {
    window.clearTimeout(timer);
    if (source) source.close();
    source = null;
  };
  const listen = () => {
    window.clearTimeout(timer);
    if (source || isOver || document.hidden) return;
    source = new EventSource(link.dataset.live);
    source.addEventListener("unread", (event) => {
      pause = FIRST_PAUSE;
      show(link, spoken, JSON.parse(event.data));
    });
    source.addEventListener("ended", () => {
      isOver = true;
      leave();
    });
    // The browser comes back by itself after a line that broke, but not after a refusal, as of a server that is just starting.
    source.addEventListener("error", () => {
      if (!source || source.readyState !== EventSource.CLOSED) return;
      leave();
      timer = window.setTimeout(listen, pause * (0.75 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE);
    });
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", listen);
  window.addEventListener("online", listen);
  if (document.readyState === "complete") listen();
}

function show(link, spoken, told) {
  const figure = link.querySelector("[data-figure]");
  const hasMore = told.unread > Number(link.dataset.unread);
  link.dataset.unread = told.unread;
  figure.textContent = told.figure;
  figure.hidden = told.unread === 0;
  link.querySelector("[data-label]").textContent = told.label;
  if (told.news) {
    spoken.textContent = told.news.said;
    showOnPage(told.news);
  } else if (hasMore) {
    spoken.textContent = told.label;
  }
}

/** On the page of notifications what is new stands above the list, which stays as it is under the reader's hand. */
function showOnPage(news) {
  const arrived = document.querySelector("[data-arrived]");
  if (!arrived) return;
  const way = document.createElement("a");
  way.href = news.url;
  way.textContent = news.text;
  const line = document.createElement("li");
  line.append(way, ` ${news.title}`);
  let list = arrived.querySelector("ul");
  if (!list) {
    list = document.createElement("ul");
    arrived.querySelector("h2").after(list);
  }
  list.prepend(line);
  arrived.hidden = false;
}

/** Whoever follows a notification has read it; without script the button beside it says so. */
export function markWhatIsOpened() {
  const mark = (event) => {
    const way = event.target.closest("a[data-read]");
    const form = way && document.getElementById(way.dataset.read);
    if (!form) return;
    fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true, redirect: "manual" }).catch(() => {});
  };
  document.addEventListener("click", mark);
  document.addEventListener("auxclick", mark);
}
