import { RE2JS, RE2JSException } from 're2js';

/**
 * Bounds of patterns. Matching takes time in proportion to the bytes of the text times the instructions of the compiled
 * pattern, 20 to 40 ns each at worst (re2js 2.10 on one core: without a bound, `a[ab]{990}[cd]\b` takes 11 s for 1 MiB of
 * random `ab`). `work` bounds that product, and so the time to about 1.5 s: a pattern of up to 32 instructions (a letter
 * or a class is one) is matched against 1 MiB, one of 1000 against 32 KiB. Common patterns take some 10 ms for 1 MiB.
 */
export const REGEX_LIMITS = {
  patternCharacters: 1000,
  instructions: 1024,
  textBytes: 1_048_576,
  work: 33_554_432,
} as const;

/** A pattern that was compiled, or why it was not, as the end of a sentence about it. */
export type CompiledPattern =
  | { readonly ok: true; readonly matches: (text: string) => boolean; readonly maxTextBytes: number }
  | { readonly ok: false; readonly fault: string };

/**
 * Compiles `pattern` (RE2 syntax, no flags set; `(?i)`, `(?m)` and `(?s)` may be written at its start) for a search
 * anywhere in a text. Refused are patterns that only a backtracking engine can take (look-around, back references), and
 * those too large to be matched quickly. `matches` is to be given at most `maxTextBytes` of UTF-8.
 */
export function compilePattern(pattern: string): CompiledPattern {
  if (pattern.length > REGEX_LIMITS.patternCharacters) {
    return refuse(`is too long for a pattern: at most ${REGEX_LIMITS.patternCharacters} characters`);
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException) return refuse(explain(pattern, error.message));
    throw error;
  }
  const instructions = compiled.programSize();
  if (instructions > REGEX_LIMITS.instructions) {
    return refuse('is too large a pattern: use smaller repeat counts, such as "+" in place of "{1,500}"');
  }
  const maxTextBytes = Math.min(REGEX_LIMITS.textBytes, Math.floor(REGEX_LIMITS.work / instructions));
  return { ok: true, matches: (text) => compiled.test(text), maxTextBytes };
}

/** Why `pattern` cannot be used, as the end of a sentence about it; null when it can. */
export function patternFault(pattern: string): string | null {
  const compiled = compilePattern(pattern);
  return compiled.ok ? null : compiled.fault;
}

function refuse(fault: string): CompiledPattern {
  return { ok: false, fault };
}

const LOOK_AROUND = /\(\?<?[=!]/;
const BACK_REFERENCE = /\\[1-9]|\\k[<{']/;
const LINEAR = 'because patterns are matched in linear time (RE2 syntax); write the pattern without it';

function explain(pattern: string, message: string): string {
  if (LOOK_AROUND.test(pattern)) return `uses look-around, such as "(?=…)" or "(?<!…)", which is refused ${LINEAR}`;
  if (BACK_REFERENCE.test(pattern)) return `uses a back reference, such as "\\1", which is refused ${LINEAR}`;
  return `is not a regular expression in RE2 syntax: ${message.replace(/^error parsing regexp: /, '')}`;
}
