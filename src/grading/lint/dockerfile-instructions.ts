/** One instruction of a Dockerfile: its name in capitals, what follows it with continued lines joined, where it begins. */
export interface DockerfileInstruction {
  readonly name: string;
  readonly rest: string;
  readonly line: number;
}

const DIRECTIVE = /^#\s*(\w+)\s*=\s*(\S+)\s*$/;
const INSTRUCTION = /^\s*([A-Za-z]+)(?:\s+(.*))?$/s;
/** What Docker takes a here-document for, after `<<`: its delimiter, quoted or not; with a minus, tabs before it go. */
const HERE_DOCUMENT = /<<(-?)(?:"([^"\s]+)"|'([^'\s]+)'|([A-Za-z_]\w*))/g;
const TAKES_HERE_DOCUMENTS: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD']);

/**
 * The instructions of a Dockerfile, by its reference: comments and empty lines are left out, also between continued lines; the directive
 * `escape` chooses the character that continues a line; here-documents become part of the instruction that they belong to. A line
 * that is no instruction gets the name '', with the line as its rest.
 */
export function dockerfileInstructions(text: string): readonly DockerfileInstruction[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const escape = escapeOf(lines);
  const instructions: DockerfileInstruction[] = [];
  for (let at = 0; at < lines.length;) {
    const begin = at;
    const parts: string[] = [];
    for (let continues = true; continues && at < lines.length; at += 1) {
      const line = lines[at] ?? '';
      // Docker skips empty lines and comments between continued lines, too.
      if (/^\s*(?:#|$)/.test(line)) {
        if (parts.length === 0) break;
        continue;
      }
      const trimmed = line.trimEnd();
      continues = trimmed.endsWith(escape);
      parts.push(continues ? trimmed.slice(0, -1) : trimmed);
    }
    if (parts.length === 0) {
      at += 1;
      continue;
    }
    const whole = parts.join(' ');
    const [, name = '', rest = ''] = INSTRUCTION.exec(whole) ?? [];
    const upper = name.toUpperCase();
    const end = TAKES_HERE_DOCUMENTS.has(upper) ? endOfHereDocuments(rest, lines, at) : at;
    const inside = lines
      .slice(at, end)
      .map((line) => `\n${line}`)
      .join('');
    at = end;
    instructions.push({ name: upper, rest: (name === '' ? whole : rest) + inside, line: begin + 1 });
  }
  return instructions;
}

/** Directives stand before everything else, one a line. */
function escapeOf(lines: readonly string[]): string {
  for (const line of lines) {
    const directive = DIRECTIVE.exec(line);
    if (directive === null) break;
    if (directive[1]?.toLowerCase() === 'escape') return directive[2] === '`' ? '`' : '\\';
  }
  return '\\';
}

/** The line after the last here-document that `rest` announces; that of the text where one does not end. */
function endOfHereDocuments(rest: string, lines: readonly string[], begin: number): number {
  let at = begin;
  for (const [, minus, double, single, bare] of rest.matchAll(HERE_DOCUMENT)) {
    const delimiter = double ?? single ?? bare ?? '';
    while (at < lines.length && (minus === '-' ? lines[at]?.replace(/^\t+/, '') : lines[at]) !== delimiter) at += 1;
    at = Math.min(at + 1, lines.length);
  }
  return at;
}
