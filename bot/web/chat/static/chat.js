// The conversation: bubbles come in, forms go out, and the words for an emergency are here before any request.
import { keep } from "./device.js";
import { listen } from "./stream.js";
import { cryNow, cryState, isCry, settled } from "./sos.js";
import { send } from "./send.js";

const list = document.getElementById("bubbles");
const log = document.getElementById("log");
const TITLE = document.title;
let missed = 0;

function put(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old) return insert(fresh);
  if (old.dataset.order !== fresh.dataset.order) {
    old.remove();
    return insert(fresh);
  }
  if (old.dataset.version === fresh.dataset.version) return;
  const had = old.contains(document.activeElement);
  old.dataset.version = fresh.dataset.version;
  if (fresh.id.startsWith("o")) document.getElementById(`r${fresh.id.slice(1)}`)?.remove(); // what was said to it comes anew
  if (!renewed(old, fresh)) old.replaceWith(fresh);
  const shown = document.getElementById(fresh.id);
  window.htmx?.process(shown);
  if (had) (shown.querySelector("summary, .choices button") ?? document.getElementById("text")).focus();
}

// Where the words are the same they stay, so that nobody hears them again: only what stands under them changes.
function renewed(old, fresh) {
  const words = old.querySelector(".bubble");
  const same = fresh.querySelector(".bubble");
  if (words?.innerHTML !== same?.innerHTML || old.className !== fresh.className) return false;
  while (words.nextSibling) words.nextSibling.remove();
  while (same.nextSibling) old.append(same.nextSibling);
  return true;
}

function insert(fresh) {
  let after = list.lastElementChild;
  while (after && after.dataset.order > fresh.dataset.order) after = after.previousElementSibling;
  after ? after.after(fresh) : list.prepend(fresh);
  document.getElementById("empty")?.remove();
  window.htmx?.process(fresh);
  if (fresh.classList.contains("danger")) settled();
}

function unread(fresh) {
  const came = document.hidden ? fresh.filter((each) => each.classList.contains("them")).length : 0;
  missed = document.hidden ? missed + came : 0;
  document.title = missed ? `(${missed}) ${TITLE}` : TITLE;
}

function bubbles(html) {
  const near = Math.abs(log.scrollTop) < 160; // the log runs upwards: 0 is its end
  const parsed = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html");
  const fresh = [...parsed.querySelectorAll("ol > li")].map((each) => document.adoptNode(each));
  fresh.forEach(put);
  unread(fresh);
  if (near || fresh.some((each) => each.classList.contains("me"))) log.scrollTop = 0;
}

function online(yes) {
  document.getElementById("offline").hidden = yes && navigator.onLine;
  if (yes) send.again();
}

document.addEventListener("visibilitychange", () => unread([]));
send.start({ isCry, cryNow, cryState });
listen(document.body.dataset.events, document.body.dataset.cursor, { bubbles, online });
keep();
