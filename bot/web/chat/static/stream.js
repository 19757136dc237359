// The stream of events, kept open through everything a phone does to it.
// The browser's own EventSource forgets where it was when a server answers with an error, and never notices a
// connection that died in silence: both are mended here.

const SILENCE = 45000; // a beat comes every 20 seconds
const LONGEST = 30000;

export function listen(url, cursor, { bubbles, online }) {
  let source = null;
  let heard = Date.now();
  let pause = 1000;
  let waiting = null;

  function open() {
    clearTimeout(waiting);
    source?.close();
    heard = Date.now();
    source = new EventSource(`${url}&after=${encodeURIComponent(cursor)}`);
    source.addEventListener("beat", alive);
    source.addEventListener("reload", () => location.reload());
    source.addEventListener("bubbles", (event) => {
      alive();
      cursor = event.lastEventId;
      bubbles?.(event.data);
    });
    source.addEventListener("error", lost);
  }

  function alive() {
    heard = Date.now();
    pause = 1000;
    online?.(true);
  }

  function lost() {
    online?.(false);
    if (source.readyState !== EventSource.CLOSED) return; // it comes back by itself
    clearTimeout(waiting);
    waiting = setTimeout(open, pause * (0.7 + 0.6 * Math.random()));
    pause = Math.min(pause * 2, LONGEST);
  }

  function look() {
    if (document.visibilityState === "visible" && Date.now() - heard > SILENCE) open();
  }

  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
  addEventListener("online", open);
  addEventListener("offline", () => online?.(false));
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && open());
  open();
}
