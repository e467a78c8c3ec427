/** Commands to the server: one JSON object each, and a sentence for everything that can come back. */

import { ask } from "../shared/live.js";

const NOT_SENT = "Not sent, try again.";
const SIGNED_OUT = "You are signed out. Sign in again in another tab, then come back: what you wrote is still here.";

/** The command that a pressed button stands for: the words typed into its form, and its own JSON over them. */
export function commandOf(form, submitter) {
  const { command, csrf_token: _token, ...words } = Object.fromEntries(new FormData(form));
  return { ...words, ...JSON.parse(submitter?.name === "command" ? submitter.value : command) };
}

/** Send a command. Resolves to {rev}, or {refused: "the sentence"}; it never rejects. */
export async function send(url, command) {
  let answer;
  try {
    answer = await ask(url, headers(), { method: "POST", body: JSON.stringify(command) });
  } catch {
    return { refused: NOT_SENT };
  }
  if (answer.status === 401) return { refused: SIGNED_OUT };
  return answer.ok && answer.said ? { rev: answer.said.rev } : { refused: answer.said?.message ?? NOT_SENT };
}

function headers() {
  const token = document.querySelector("meta[name=csrf-token]").content;
  return { "Content-Type": "application/json", "X-CSRF-Token": token };
}
