/** The titles of cases that stand in JavaScript test files as plain texts. */
export interface DeclaredTitles {
  /** Each as often as it stands there. */
  readonly titles: readonly string[];
  /** Titles that may come and need not, such as those of subtests. */
  readonly optional: readonly string[];
  /** True: no case can have another title. */
  readonly isComplete: boolean;
}

const CALL = /(?:(\.\s*)|(?<![\w$.]))(it|test|specify|xit|xtest)((?:\s*\.\s*\w+)*)\s*\(\s*/g;
/** What may keep cases from running, or from being reported one by one. */
const SELECTION = /\.\s*(?:only|skip|skipIf|runIf)\b|(?<![\w$])(?:fit|fdescribe|fcontext|xdescribe|xcontext)\s*\(/;

/**
 * Looks for calls such as `it('adds', …)` in a JavaScript or TypeScript source, without running it: what a submission does when it is
 * loaded cannot take away what was read before. Texts in comments and strings are none.
 */
export function declaredTitles(source: string): DeclaredTitles {
  const { code, texts } = withoutTexts(source);
  const titles: string[] = [];
  const optional: string[] = [];
  let isComplete = true;
  for (const { index, 0: whole, 1: dot, 2: word = '', 3: modifiers = '' } of code.matchAll(CALL)) {
    const title = texts.get(index + whole.length);
    if (dot !== undefined) {
      // A subtest (`t.test`), or a regular expression that is tried.
      const before = code.slice(Math.max(0, index - 12), index);
      if (title !== undefined) optional.push(title);
      else if (/(?:^|[^\w$])(?:t|ctx|context|test|it)$/.test(before)) isComplete = false;
      continue;
    }
    if (title === undefined) {
      isComplete = isComplete && /\bfunction\s+$/.test(code.slice(Math.max(0, index - 20), index));
    } else if (word.startsWith('x') || /\b(?:skip|todo|skipIf|runIf|each|for|fails)\b/.test(modifiers)) {
      optional.push(title);
      if (/\b(?:each|for)\b/.test(modifiers)) isComplete = false;
    } else titles.push(title);
  }
  return SELECTION.test(code)
    ? { titles: [], optional: [...titles, ...optional], isComplete }
    : { titles, optional, isComplete };
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' };

/** Stands where a text stood: no white space, or what looks for its beginning would pass over it. */
const TEXT = '\0';

/** The source with comments, texts and regular expressions blanked, and each plain text by where it begins. */
function withoutTexts(source: string): { readonly code: string; readonly texts: ReadonlyMap<number, string> } {
  const texts = new Map<number, string>();
  const code = source.split('');
  const blank = (from: number, to: number, by = TEXT): void => {
    for (let at = from; at < Math.min(to, code.length); at += 1) if (code[at] !== '\n') code[at] = by;
  };
  const open: number[] = [];
  let depth = 0;
  let at = 0;
  const template = (start: number): void => {
    let end = start;
    while (end < source.length && source[end] !== '`') {
      if (source[end] === '$' && source[end + 1] === '{') {
        blank(start, end);
        open.push(depth);
        depth += 1;
        at = end + 2;
        return;
      }
      end += source[end] === '\\' ? 2 : 1;
    }
    blank(start, end);
    at = end + 1;
  };
  while (at < source.length) {
    const one = source[at] ?? '';
    const pair = source.slice(at, at + 2);
    if (pair === '//' || pair === '/*') {
      const found = source.indexOf(pair === '//' ? '\n' : '*/', at + 2);
      const end = found === -1 ? source.length : found + (pair === '//' ? 0 : 2);
      blank(at, end, ' ');
      at = end;
    } else if (one === "'" || one === '"') {
      const end = endOfText(source, at + 1, one);
      texts.set(at, unescaped(source.slice(at + 1, end)));
      blank(at, end + 1);
      at = end + 1;
    } else if (one === '`') {
      const start = at;
      template(at + 1);
      const whole = source.slice(start + 1, at - 1);
      if (source[at - 1] === '`' && at > start + 1) texts.set(start, unescaped(whole));
      blank(start, start + 1);
    } else if (one === '/' && isRegexStart(code, at)) {
      const end = endOfRegex(source, at + 1);
      blank(at, end);
      at = end;
    } else {
      if (one === '{') depth += 1;
      if (one === '}') {
        depth -= 1;
        if (open.at(-1) === depth) {
          open.pop();
          template(at + 1);
          continue;
        }
      }
      at += 1;
    }
  }
  return { code: code.join(''), texts };
}

function endOfText(source: string, from: number, quote: string): number {
  let end = from;
  while (end < source.length && source[end] !== quote && source[end] !== '\n') end += source[end] === '\\' ? 2 : 1;
  return end;
}

function endOfRegex(source: string, from: number): number {
  let inClass = false;
  let end = from;
  for (; end < source.length && source[end] !== '\n'; end += 1) {
    if (source[end] === '\\') end += 1;
    else if (source[end] === '[') inClass = true;
    else if (source[end] === ']') inClass = false;
    else if (source[end] === '/' && !inClass) return end + 1;
  }
  return end;
}

/** A slash after a value divides; elsewhere it begins a regular expression. */
function isRegexStart(code: readonly string[], at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /\s/.test(code[before] ?? '')) before -= 1;
  const last = code[before] ?? '';
  if (last === TEXT) return false;
  if (/[\w$)\]}]/.test(last)) {
    const word = code.slice(Math.max(0, before - 10), before + 1).join('');
    return /\b(?:return|typeof|case|in|of|void|delete|throw|new|else|do|await|yield)$/.test(word);
  }
  return true;
}

function unescaped(text: string): string {
  return text.replaceAll(
    /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2})|(\r?\n|[^]))/gi,
    (_, braces, four, two, one) => {
      const code: unknown = braces ?? four ?? two;
      if (typeof code === 'string') {
        const point = Number.parseInt(code, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : '';
      }
      const letter = String(one);
      return letter.endsWith('\n') ? '' : (ESCAPED[letter] ?? letter);
    },
  );
}
