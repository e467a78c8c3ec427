/**
 * One answer on its way. It is kept in memory only, sent again until the server has stored it, and dropped when its
 * check-in has closed. Sending twice does no harm: a phone has one answer.
 */
import { ask } from "../shared/live.js";

const AGAIN_MS = 3_000;

/**
 * `emit(event, data)` is the socket; `url` and `headers` are the way without one. `onChange()` is called after every
 * change of `state`: null, "sending", "kept". `onSaved({check_in, value})`; `onRefused(sentence, late)`, late when the
 * answer had been kept for a while.
 */
export function outbox({ emit, url, headers, onChange, onSaved, onRefused }) {
  let letter = null;
  let sending = null;

  const box = {
    state: null,
    get checkIn() { return letter?.check_in ?? null; },

    /** Take an answer, in place of an earlier one that is still here. */
    post(checkIn, value) {
      letter = { check_in: checkIn, value };
      return box.send();
    },

    /** Try now. */
    send() {
      sending ??= deliver().finally(() => { sending = null; });
      return sending;
    },

    /** Do not send it. */
    drop() {
      letter = null;
      become(null);
    },
  };

  function become(state) {
    box.state = state;
    onChange();
  }

  async function deliver() {
    while (letter) {
      const one = letter;
      const late = box.state === "kept";
      if (box.state === null) become("sending");
      const ack = await bySocket(one).catch(() => byForm(one)).catch(() => null);
      if (one !== letter) continue; // Changed or dropped meanwhile: what counts is the letter that is here now.
      if (!ack) {
        become("kept");
        setTimeout(box.send, AGAIN_MS);
        return;
      }
      letter = null;
      box.state = null;
      if (ack.ok) onSaved(one);
      else onRefused(ack.message, late);
    }
  }

  function bySocket(one) {
    return emit("answer", one);
  }

  async function byForm(one) {
    const post = { method: "POST", body: JSON.stringify(one) };
    const { ok, status, said } = await ask(url, { ...headers, "Content-Type": "application/json" }, post);
    // The server could not store it just now, or it is not our server at all: keep it and try again.
    if (status >= 500 || status === 429 || !said) throw new Error(`status ${status}`);
    return { ok, message: said.message };
  }

  return box;
}
