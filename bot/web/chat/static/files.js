// A photo, a PDF or a voice: sent as soon as it is chosen or recorded, with how far it is. Without a script it is a plain form.

const form = document.getElementById("send");
const notice = document.getElementById("notice");
const KINDS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"];
const LONGEST = 10 * 60 * 1000;
let recorder = null;

function say(text) {
  const line = document.createElement("p");
  line.textContent = text;
  notice.replaceChildren(line);
}

function send(file, name) {
  if (file.size > Number(form.dataset.largest)) return say(form.dataset.heavy);
  const body = new FormData(form);
  body.set("file", file, name);
  const request = new XMLHttpRequest();
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.setAttribute("aria-label", form.dataset.sending);
  request.upload.addEventListener("progress", (event) => event.lengthComputable && (bar.value = event.loaded / event.total));
  request.addEventListener("load", () => answered(request));
  request.addEventListener("error", () => failed(file, name));
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(body);
  say(form.dataset.sending);
  notice.append(bar);
  document.getElementById("attach").open = false;
}

function answered(request) {
  if (request.status >= 500) return say(form.dataset.broken);
  if (request.status !== 204) return say(new DOMParser().parseFromString(request.responseText, "text/html").body.textContent.trim());
  notice.replaceChildren();
  form.elements.nonce.value = crypto.randomUUID();
  form.elements.file.value = "";
}

function failed(file, name) {
  say(form.dataset.failed);
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = form.dataset.again;
  again.addEventListener("click", () => send(file, name));
  notice.append(again);
}

async function record(button, kind) {
  if (recorder) return recorder.stop();
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return say(form.dataset.refused);
  }
  const parts = [];
  recorder = new MediaRecorder(stream, { mimeType: kind, audioBitsPerSecond: 32000 });
  recorder.addEventListener("dataavailable", ({ data }) => (button.dataset.parts = parts.push(data)));
  recorder.addEventListener("stop", () => {
    for (const track of stream.getTracks()) track.stop();
    recorder = null;
    button.textContent = button.dataset.start;
    button.removeAttribute("aria-pressed");
    delete button.dataset.parts;
    send(new Blob(parts, { type: kind }), "voice");
  });
  recorder.start(500);
  setTimeout((one) => one.state === "recording" && one.stop(), LONGEST, recorder);
  button.textContent = button.dataset.stop;
  button.setAttribute("aria-pressed", "true");
}

if (form) {
  form.elements.file.addEventListener("change", ({ target }) => target.files[0] && send(target.files[0], target.files[0].name));
  form.querySelector("button.first").hidden = true;
  const button = document.getElementById("record");
  const kind = window.MediaRecorder && navigator.mediaDevices && KINDS.find((each) => MediaRecorder.isTypeSupported(each));
  button.hidden = !kind;
  button.addEventListener("click", () => record(button, kind));
}
