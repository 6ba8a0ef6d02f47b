/** Signs that break lines, or turn the direction of what people read, and halves of characters. */
const NOT_ON_A_LINE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** Text of a person on one line, cut: for subjects, and for names within sentences. */
export function oneLine(text: string, most = 100): string {
  const line = text.replaceAll(NOT_ON_A_LINE, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= most ? line : `${characters.slice(0, most - 1).join('')}…`;
}

/** The text of a mail: paragraphs, each of one or more lines. */
export function paragraphs(...parts: readonly (string | readonly string[])[]): string {
  return `${parts.map((part) => (typeof part === 'string' ? part : part.join('\n'))).join('\n\n')}\n`;
}
