import { RE2JS } from 're2js';
import { compilePattern } from '../regex-pattern.js';
import type { HttpAnswer } from './http-answer.js';
import { HTTP_LIMITS } from './http-limits.js';
import type { HttpCapture, Json } from './http-test.js';
import { queryJsonPath } from './json-path.js';
import { readJson } from './json-text.js';
import { textOf } from './templates.js';

/** What was captured, or why nothing was, as the end of a sentence about the value's name. */
export type Captured = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly fault: string };

/** Takes the value that `capture` names out of `answer`. */
export function captureFrom(capture: HttpCapture, answer: HttpAnswer): Captured {
  const source = sourceOf(capture, answer);
  if (!source.ok) return source;
  const value = capture.regex === null ? source : firstMatch(capture.regex, textOf(source.value));
  if (value.ok && textOf(value.value).length > HTTP_LIMITS.capturedCharacters) {
    return missing(`is longer than ${HTTP_LIMITS.capturedCharacters} characters`);
  }
  return value;
}

function sourceOf({ jsonPath, header, cookie }: HttpCapture, answer: HttpAnswer): Captured {
  if (header !== null) {
    return present(answer.headers.get(header.toLowerCase()), `could not be captured: there is no header ${header}`);
  }
  if (cookie !== null) {
    const set = answer.cookies.findLast(({ name }) => name === cookie);
    return present(set?.value, `could not be captured: the answer sets no cookie ${cookie}`);
  }
  if (jsonPath === null) return { ok: true, value: new TextDecoder().decode(answer.body) };
  const read = readJson(answer.body);
  if (!read.ok) return missing(`could not be captured: the body ${read.fault}`);
  const found = queryJsonPath(jsonPath, read.value);
  return present(found?.values[0], `could not be captured: there is nothing at ${jsonPath}`);
}

function firstMatch(pattern: string, text: string): Captured {
  const compiled = compilePattern(pattern);
  if (!compiled.ok || text.length > compiled.maxTextBytes) {
    return missing('could not be captured: the text is too long');
  }
  const matcher = RE2JS.compile(pattern).matcher(text);
  if (!matcher.find()) return missing(`could not be captured: nothing matches ${JSON.stringify(pattern)}`);
  return present(
    matcher.group(matcher.groupCount() > 0 ? 1 : 0) ?? undefined,
    'could not be captured: its group is empty',
  );
}

function present(value: Json | undefined, fault: string): Captured {
  return value === undefined ? missing(fault) : { ok: true, value };
}

function missing(fault: string): Captured {
  return { ok: false, fault };
}
