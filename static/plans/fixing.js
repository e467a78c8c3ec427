/** Where a sentence says what was meant, one press puts it there. */

const MEANT = /Did you mean '(.+?)'\?/;
const NAMED = /'([^']+)'/;

/** What to put where for this finding: `[from, to, words]` in the line; null when its sentence does not say. */
export function fixFor(message, line) {
  const meant = MEANT.exec(message)?.[1];
  if (!meant) return null;
  const heading = /^(#+\s*)([^:(]*)/.exec(line);
  if (heading && message.startsWith("A segment starts with")) {
    return [heading[1].length, heading[0].trimEnd().length, meant];
  }
  const wrong = NAMED.exec(message)?.[1];
  const at = wrong && wrong !== meant ? line.toLowerCase().indexOf(wrong.toLowerCase()) : -1;
  if (at >= 0) return [at, at + wrong.length, meant];
  const label = /^(>\s*)([^:]*)/.exec(line);
  return label ? [label[1].length, label[0].trimEnd().length, meant.replace(/^> |:$/g, "")] : null;
}
