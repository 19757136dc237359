// The page that waits for the coordinator's yes: it goes on by itself.
import { listen } from "./stream.js";

listen(document.querySelector("[data-events]").dataset.events, "", {}); // the stream says when to reload
