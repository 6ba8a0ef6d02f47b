/**
 * Whether `pattern` stands for `text`: `*` for any number of characters, none among them, and, where `question` is true, `?`
 * for one. All else stands for itself. Goes back to the last `*` only, so that no pattern takes longer than its length times
 * that of the text.
 */
export function wildcardMatches(pattern: string, text: string, question = false): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let resumed = 0;
  while (position < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      resumed = position;
      at += 1;
    } else if (wanted === text[position] || (question && wanted === '?')) {
      at += 1;
      position += 1;
    } else if (star !== -1) {
      resumed += 1;
      at = star + 1;
      position = resumed;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
