/**
 * Words that only this phone's place in the session can open again. Browsers write sessionStorage to disk, where what was
 * removed can be found for a while: sealed, it says nothing once the place is gone. ChaCha20 as in RFC 8439, written out
 * because browsers keep their own ciphers from pages that come over plain http.
 */

const NONCE = 12;
const BLOCK = 64;
const ROUNDS = [[0, 4, 8, 12], [1, 5, 9, 13], [2, 6, 10, 14], [3, 7, 11, 15], [0, 5, 10, 15], [1, 6, 11, 12], [2, 7, 8, 13], [3, 4, 9, 14]];

/** `text` sealed with `secret`, as letters. Every time other ones. */
export function seal(text, secret) {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const sealed = mixed(new TextEncoder().encode(text), key(secret), nonce);
  return btoa(Array.from([...nonce, ...sealed], (byte) => String.fromCharCode(byte)).join(""));
}

/** What was sealed. With another secret it is no sense at all. */
export function unseal(letters, secret) {
  const bytes = Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
  return new TextDecoder().decode(mixed(bytes.subarray(NONCE), key(secret), bytes.subarray(0, NONCE)));
}

/** `bytes` with the cipher's stream over them; the same again takes it off. */
export function mixed(bytes, key, nonce, counter = 1) {
  const out = new Uint8Array(bytes.length);
  for (let from = 0; from < bytes.length; from += BLOCK, counter += 1) {
    const stream = block(key, nonce, counter);
    for (let at = from; at < Math.min(from + BLOCK, bytes.length); at += 1) out[at] = bytes[at] ^ stream[at - from];
  }
  return out;
}

/** A seat is 32 letters, and they are the key. */
function key(secret) {
  const bytes = new Uint8Array(32);
  bytes.set(new TextEncoder().encode(secret).subarray(0, 32));
  return bytes;
}

function block(key, nonce, counter) {
  const bytes = new Uint8Array(BLOCK);
  bytes.set(new TextEncoder().encode("expand 32-byte k"));
  bytes.set(key, 16);
  bytes.set(nonce, 52);
  const view = new DataView(bytes.buffer);
  view.setUint32(48, counter, true);
  const start = Uint32Array.from({ length: 16 }, (_, at) => view.getUint32(4 * at, true));
  const now = start.slice();
  for (let round = 0; round < 10; round += 1) for (const places of ROUNDS) quarter(now, ...places);
  now.forEach((word, at) => view.setUint32(4 * at, word + start[at], true));
  return bytes;
}

function quarter(x, a, b, c, d) {
  const turn = (at, by, left) => {
    const word = x[at] ^ x[by];
    x[at] = (word << left) | (word >>> (32 - left));
  };
  x[a] += x[b];
  turn(d, a, 16);
  x[c] += x[d];
  turn(b, c, 12);
  x[a] += x[b];
  turn(d, a, 8);
  x[c] += x[d];
  turn(b, c, 7);
}
