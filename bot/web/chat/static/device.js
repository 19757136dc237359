// This device: its place on the home screen, the page it keeps for when there is no connection, and the wish to be told.

const { base, kept } = document.body.dataset;
const menu = document.getElementById("device");
const [install, hear, still] = ["install", "hear", "still"].map((id) => document.getElementById(id));
const line = menu?.querySelector("[role=status]");
let prompt = null;

function settle() {
  menu.hidden = [install, hear, still].every((button) => button.hidden) && !line.textContent;
}

function say(what) {
  line.textContent = what ? line.dataset[what] : "";
}

async function tell(subscription) {
  const { endpoint = "", keys = {} } = subscription?.toJSON() ?? {};
  const seal = document.querySelector("#say [name=seal]").value;
  const body = new URLSearchParams({ seal, endpoint, p256dh: keys.p256dh ?? "", auth: keys.auth ?? "" });
  return (await fetch(`${base}/push`, { method: "POST", body })).ok;
}

function show(subscribed) {
  hear.hidden = subscribed;
  still.hidden = !subscribed;
  settle();
}

async function subscribe(worker) {
  const key = await fetch(`${base}/push`);
  if (!key.ok) return false;
  const wish = { userVisibleOnly: true, applicationServerKey: await key.text() };
  const made = await worker.pushManager.subscribe(wish);
  if (await tell(made)) return true;
  await made.unsubscribe();
  return false;
}

async function wishes(worker) {
  if (!worker.pushManager || !("Notification" in window)) return;
  const had = await worker.pushManager.getSubscription();
  if (had) await tell(had); // a server that was restored may have forgotten it
  show(Boolean(had));
  hear.addEventListener("click", async () => {
    const done = await subscribe(worker).catch(() => false);
    say(done ? "on" : "refused");
    show(done);
  });
  still.addEventListener("click", async () => {
    await tell(null);
    await (await worker.pushManager.getSubscription())?.unsubscribe();
    say("off");
    show(false);
  });
}

function installs() {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event;
    install.hidden = false;
    settle();
  });
  install.addEventListener("click", async () => {
    install.hidden = true;
    await prompt?.prompt();
    settle();
  });
}

export async function keep() {
  if (!menu || !navigator.serviceWorker || window.top !== window) return;
  installs();
  try {
    const worker = await navigator.serviceWorker.register(`${base}/sw.js`);
    await (await caches.open("compagnon")).addAll(kept.split(" "));
    await wishes(worker);
  } catch {} // a private window, or no connection: the page itself needs none of it
}
