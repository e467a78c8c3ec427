/**
 * One screen's line to the server: whole views in, a few words out.
 *
 * Views are pushed over a socket. They are also fetched, by plain GET: after every (re)connect that brings none, on the
 * way back from the background, after 15 s of silence, and every 2 s while there is no socket at all.
 */
import { io } from "../vendor/socket.io.esm.min.js";
import { hear } from "./clock.js";

const LOOK_EVERY_MS = 500;
const SILENCE_MS = 15_000;
const WITHOUT_SOCKET_MS = 2_000;
const FIRST_PUSH_MS = 1_000;
const ANSWER_MS = 4_000;
const GONE = new Set([401, 403, 404, 410]);
const RECONNECT = { reconnectionDelay: 200, reconnectionDelayMax: 1_500, randomizationFactor: 0.3, timeout: 4_000 };
const TRANSPORTS = { transports: ["websocket", "polling"], tryAllTransports: true };

/**
 * `onView(view)` draws. `onStatus(status, words, code)` is told "connected", "reconnecting", or "gone" with the
 * server's sentence and HTTP status when this screen has no place any more; a "gone" line rests until the page comes
 * back into sight.
 * Returns `emit(event, data)`, a promise of the server's acknowledgement that fails when there is none; `refresh()`,
 * a promise of whether a view could be fetched; and `close()`, for good.
 */
export function connect({ namespace, auth, viewUrl, headers = {}, onView, onStatus = () => {} }) {
  let drawn = null;
  let heardAt = performance.now();
  let triedAt = 0;
  let fetching = null;
  let status = null;
  let closed = false;

  const socket = io(namespace, { auth, ...RECONNECT, ...TRANSPORTS });

  function tell(next, words = "", code = 0) {
    if (next === status) return;
    status = next;
    onStatus(next, words, code);
  }

  function draw(view) {
    drawn = view;
    onView(view);
  }

  function pushed(view) {
    hear(view.server_now);
    heardAt = performance.now();
    if (drawn === null || !isOlder(view, drawn)) draw(view);
  }

  async function fetchView() {
    const before = drawn;
    const began = performance.now();
    triedAt = began;
    const { ok, status: code, said: view } = await ask(viewUrl, headers);
    if (GONE.has(code) && view) return gone(view.message, code);
    if (!ok || !view) throw new Error(`status ${code}`);
    heardAt = performance.now();
    hear(view.server_now, heardAt - began);
    tell("connected");
    // A fetched view is always drawn, unless a newer one was pushed while it was on its way.
    if (drawn === before || drawn === null || !isOlder(view, drawn)) draw(view);
    return true;
  }

  function gone(words, code) {
    socket.disconnect();
    tell("gone", words, code);
    return false;
  }

  function lost() {
    tell("reconnecting");
    // The socket may not have noticed yet: a line that is only half dead is hung up.
    if (socket.connected) socket.io.engine.close();
    return false;
  }

  function refresh() {
    fetching ??= fetchView().catch(lost).finally(() => { fetching = null; });
    return fetching;
  }

  function lookAround() {
    if (closed || status === "gone") return;
    const at = performance.now();
    const patience = socket.connected ? SILENCE_MS : WITHOUT_SOCKET_MS;
    if (at - Math.max(heardAt, triedAt) >= patience) refresh();
  }

  async function comeBack() {
    if (closed || document.visibilityState === "hidden") return;
    if ((await refresh()) && !socket.connected) socket.connect();
  }

  socket.on("view", pushed);
  socket.on("connect", () => {
    drawn = null;
    const at = performance.now();
    tell("connected");
    setTimeout(() => { if (heardAt < at) refresh(); }, FIRST_PUSH_MS);
  });
  // Hung up by the server, or not let in: ask why by plain GET, and knock again if there is still a place.
  socket.on("disconnect", (reason) => {
    if (reason === "io server disconnect") setTimeout(comeBack, WITHOUT_SOCKET_MS);
    if (reason !== "io client disconnect") refresh();
  });
  socket.on("connect_error", () => {
    if (!socket.active) setTimeout(comeBack, WITHOUT_SOCKET_MS);
  });
  setInterval(lookAround, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", comeBack);
  addEventListener("pageshow", (event) => { if (event.persisted) comeBack(); });
  addEventListener("online", comeBack);
  addEventListener("offline", () => { if (status !== "gone") tell("reconnecting"); });

  return {
    refresh,
    close() {
      closed = true;
      socket.disconnect();
    },
    async emit(event, data) {
      if (!socket.connected) throw new Error("There is no socket.");
      return socket.timeout(ANSWER_MS).emitWithAck(event, data);
    },
  };
}

function isOlder(view, than) {
  return view.rev < than.rev || (view.rev === than.rev && view.server_now < than.server_now);
}

/** A fetch for JSON, with patience that ends: `{ ok, status, said }`, where `said` is null if no JSON came back. */
export async function ask(url, headers, rest = {}) {
  const patience = AbortSignal.timeout?.(ANSWER_MS);
  const accept = { Accept: "application/json", ...headers };
  const response = await fetch(url, { headers: accept, cache: "no-store", signal: patience, ...rest });
  const said = await response.json().catch(() => null);
  return { ok: response.ok, status: response.status, said };
}
