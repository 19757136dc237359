// A page for when there is no connection, and the sign that there is a word. Nothing that anybody wrote is ever kept here.
const base = new URL(self.registration.scope).pathname;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === base) event.respondWith(orKept(request, `${base}offline`));
  else if (pathname.startsWith(`${base}static/`)) event.respondWith(orKept(request, request));
});

async function orKept(request, instead) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(instead)) ?? Response.error();
  }
}

self.addEventListener("push", (event) => event.waitUntil(show(event.data?.json() ?? { title: "Compagnon" })));

async function show({ title, body, lang, dir }) {
  const open = await self.clients.matchAll({ type: "window" });
  if (open.some((page) => page.focused && new URL(page.url).pathname === base)) return;
  await self.registration.showNotification(title, { body, lang, dir, tag: "word", renotify: true });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(goThere());
});

async function goThere() {
  const open = await self.clients.matchAll({ type: "window" });
  const here = open.find((page) => new URL(page.url).pathname === base);
  await (here ? here.focus() : self.clients.openWindow(base));
}
