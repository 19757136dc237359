// The cry for help: its answer is in the page, so that it shows without network, server or database.

const panel = document.getElementById("danger");
const cries = new Set(JSON.parse(document.body.dataset.cries));
const POLITE = new Set(["merci", "stp", "svp", "please", "thanks", "thank", "you", "por", "favor", "gracias"]);

function plain(text) {
  const bare = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const words = bare.match(/[\p{L}\p{N}]+/gu) ?? [];
  const kept = words.filter((word) => !POLITE.has(word));
  return (kept.length ? kept : words).join(" ");
}

// As bot/domain/sos.py, as far as the page knows: the word SOS anywhere, or one of the words alone, drawn out or repeated.
const COMMANDS = new Set(["sos", "urgence", "secours", "emergency", "emergencia", "socorro", "notfall", "hilfe", "emergenza", "aiuto"]);

export function isCry(text) {
  if (!panel) return false;
  if (text.includes("🆘")) return true;
  const typed = plain(text);
  if (text.trim().startsWith("/")) return COMMANDS.has(typed.split(" ")[0]) || (typed.includes(" ") && cries.has(typed));
  if (typed.split(" ").includes("sos") || /(?:^| )s o s(?: |$)/u.test(typed)) return true;
  const short = typed.replace(/(.)\1{2,}/gu, "$1");
  const once = short.match(/^(.+?)(?: \1)+$/u)?.[1] ?? short;
  return once === "sos" || [typed, short, once].some((each) => cries.has(each));
}

export function cryNow() {
  if (!panel) return;
  panel.replaceChildren(document.getElementById("danger-words").content.cloneNode(true));
  panel.hidden = false;
  cryState("sending");
}

export function cryState(name) {
  const line = panel?.querySelector(".state");
  if (!line) return;
  line.textContent = line.dataset[name];
  line.classList.toggle("failed", name === "failed");
}

// The real message has come, with its buttons: it says the same.
export function settled() {
  if (panel) panel.hidden = true;
}
