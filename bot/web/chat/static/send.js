// Forms leave through htmx. What could not leave is kept and tried again; the same form twice is one message.

const box = document.getElementById("text");
const notice = document.getElementById("notice");
const DRAFT = `draft ${location.pathname}`;
const failed = new Map(); // form -> the button that was pressed
let pause = 2000;
let timer = null;
let sos = null;

function nonce() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function crying(form) {
  return form.id === "sos" || (form.id === "say" && sos.isCry(form.dataset.sent ?? ""));
}

function before({ target: form, detail }) {
  form.setAttribute("aria-busy", "true");
  form.dataset.sent = detail.ctx.request.body.get("text") ?? "";
  detail.ctx.request.submitter?.setAttribute("aria-busy", "true");
  if (crying(form)) sos.cryNow();
}

function after({ target: form, detail }) {
  const status = detail.ctx.response.status;
  if (status >= 500) return keep(form, detail.ctx.request.submitter);
  failed.delete(form);
  if (crying(form)) sos.cryState(status === 204 ? "sent" : "failed");
  if (status !== 204) return;
  pause = 2000;
  notice.replaceChildren();
  if (form.elements.nonce) form.elements.nonce.value = nonce();
  if (form.id === "say" && box.value.replaceAll("\r", "") === form.dataset.sent.replaceAll("\r", "")) {
    box.value = "";
    remember();
  }
}

function lost({ target: form, detail }) {
  if (!detail.ctx) return;
  const line = document.createElement("p");
  line.textContent = notice.dataset.failed;
  notice.replaceChildren(line);
  keep(form, detail.ctx.request.submitter);
}

function keep(form, submitter) {
  failed.set(form, submitter ?? null);
  if (crying(form)) sos.cryState("failed");
  clearTimeout(timer);
  timer = setTimeout(again, pause);
  pause = Math.min(pause * 2, 30000);
}

function done({ target: form, detail }) {
  form.removeAttribute("aria-busy");
  detail.ctx.request.submitter?.removeAttribute("aria-busy");
}

function again() {
  clearTimeout(timer);
  for (const [form, submitter] of failed) {
    failed.delete(form);
    if (form.id === "say" && !box.value.trim()) continue;
    if (form.isConnected) form.requestSubmit(submitter?.isConnected ? submitter : null);
  }
}

function remember() {
  try {
    sessionStorage.setItem(DRAFT, box.value);
  } catch {} // private windows: the text is still in the box
}

function recall() {
  try {
    box.value ||= sessionStorage.getItem(DRAFT) ?? "";
  } catch {}
}

function enter(event) {
  const typing = event.isComposing || event.shiftKey || event.key !== "Enter";
  if (typing || !matchMedia("(pointer: fine)").matches) return;
  event.preventDefault();
  box.form.requestSubmit();
}

export const send = {
  again,
  start(cry) {
    sos = cry;
    document.addEventListener("htmx:before:request", before);
    document.addEventListener("htmx:after:request", after);
    document.addEventListener("htmx:error", lost);
    document.addEventListener("htmx:finally:request", done);
    box.addEventListener("input", remember);
    box.addEventListener("keydown", enter);
    addEventListener("online", again);
    recall();
  },
};
