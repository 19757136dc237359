// The page around the chats: buttons leave without a new page, and what changes comes in by itself.

const body = document.body;

async function send(form, submitter) {
  const fields = new URLSearchParams(new FormData(form, submitter));
  await fetch(form.action, { method: "POST", body: fields, headers: { "x-demo": "1" } }).catch(() => {});
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-quiet]")) return source.close(); // to another page: nothing may stop it
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".voice input")) event.target.form.requestSubmit();
});

function showClock(clock) {
  for (const place of document.querySelectorAll("[data-clock]")) place.textContent = clock[place.dataset.clock];
  const form = document.querySelector(".leaps");
  const had = document.activeElement;
  const goes = clock.playing || clock.moving;
  const hide = (name, yes) => (form.querySelector(`[value=${name}]`).hidden = yes);
  hide("play", goes);
  hide("pause", !goes);
  hide("departure", !clock.ahead.includes("departure"));
  hide("return", !clock.ahead.includes("return"));
  if (form.contains(had) && had.hidden) form.querySelector("button:not([hidden])").focus();
  document.querySelector(".clock .state").classList.toggle("asked", clock.asked);
  const [future, line] = document.querySelectorAll(".now > *");
  future.setAttribute("x", `${clock.now}%`);
  line.setAttribute("x1", `${clock.now}%`);
  line.setAttribute("x2", `${clock.now}%`);
}

function showPieces(pieces) {
  for (const [name, [version, html]] of Object.entries(pieces)) {
    const old = document.getElementById(name);
    if (!old || old.dataset.version === version) continue;
    const had = old.contains(document.activeElement);
    old.dataset.version = version;
    old.innerHTML = html;
    if (had) old.querySelector("button")?.focus();
  }
}

let source = null;
let lost = false;

// Once: a stream that came back meanwhile would stop the new page on its way, and ask for it again.
function renew() {
  source.close();
  location.reload();
}

function listen() {
  source?.close();
  source = new EventSource(body.dataset.events);
  source.addEventListener("clock", (event) => showClock(JSON.parse(event.data)));
  source.addEventListener("pieces", (event) => showPieces(JSON.parse(event.data)));
  source.addEventListener("reload", renew);
  // A server that is about to end takes a last connection: whoever came back asks for the page once that has held.
  source.addEventListener("open", ({ target }) => lost && setTimeout(() => target.readyState === EventSource.OPEN && renew(), 500));
  source.addEventListener("error", () => {
    lost = true;
    document.querySelector(".clock .state").textContent = body.dataset.gone;
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
}

// What the family reads stands open where there is room for it; on a phone it is a tab to open.
if (matchMedia("(min-width: 48em)").matches) {
  for (const each of document.querySelectorAll(".kin[data-open]")) each.open = true;
}

// A page in the background lets go of its connection: browsers allow six to one server, and the chats need theirs.
document.addEventListener("visibilitychange", () => (document.hidden ? source.close() : listen()));
addEventListener("pagehide", () => source.close());
addEventListener("pageshow", (event) => event.persisted && location.reload());
listen();

// A choice made before this script had come counts too.
for (const input of document.querySelectorAll(".voice input:checked")) {
  if (!input.defaultChecked) input.form.requestSubmit();
}
