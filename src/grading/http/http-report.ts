import type { FilledRequest } from './fill-step.js';
import type { HttpAnswer, NoAnswer } from './http-answer.js';
import type { HttpStep } from './http-test.js';

/** One request and what came of it. */
export interface Exchange {
  readonly request: FilledRequest;
  readonly answer: HttpAnswer | NoAnswer;
}

/** What a step came to. */
export interface StepReport {
  readonly step: HttpStep;
  /** `unmade`: the service was not asked, since it was of no use any more, or an earlier step decided. */
  readonly outcome: 'held' | 'failed' | 'unmade';
  /** What was sent and came; the redirects that were followed one after the other, parallel ones in their order. */
  readonly exchanges: readonly Exchange[];
  /** Why it failed, one sentence each. */
  readonly differences: readonly string[];
  /** True where it failed because an answer took too long. */
  readonly isLate: boolean;
}

/** A body is shown so far; a step with many requests shows so many of them. */
const BODY_CHARACTERS = 240;
const BODY_LINES = 4;
const EXCHANGES = 5;
const DIFFERENCES = 6;
/** Control characters other than white space, and bytes that are not UTF-8. */
const NO_TEXT = /[\uFFFD]|(?![\t\r\n])\p{Cc}/u;

export function isAnswer(answer: HttpAnswer | NoAnswer): answer is HttpAnswer {
  return 'status' in answer;
}

/** What people call a step: its number from 1, and its name, or what it does. */
export function stepLabel({ name, request, restart }: HttpStep, index: number): string {
  const does = request === null ? 'restart' : `${restart ? 'restart, ' : ''}${request.method} ${request.path}`;
  return `Step ${index + 1} (${name ?? does})`;
}

/** The request log, for those who may see the test: a few lines for each step, what went wrong among them. */
export function requestLog(reports: readonly StepReport[]): string {
  return reports.flatMap(stepLines).join('\n');
}

function stepLines({ step, outcome, exchanges, differences }: StepReport, index: number): string[] {
  const mark = { held: 'ok', failed: 'FAILED', unmade: 'not run' }[outcome];
  const head = `${stepLabel(step, index)}: ${mark}`;
  if (outcome === 'unmade') return [head];
  const shown = exchanges.slice(0, EXCHANGES);
  const more = exchanges.length - shown.length;
  return [
    head,
    ...shown.flatMap(exchangeLines),
    ...(more > 0 ? [`  … and ${more} more requests`] : []),
    ...differences.slice(0, DIFFERENCES).map((difference) => `  ! ${difference}`),
    ...(differences.length > DIFFERENCES ? [`  ! … and ${differences.length - DIFFERENCES} more`] : []),
  ];
}

function exchangeLines({ request, answer }: Exchange): string[] {
  const result = isAnswer(answer) ? String(answer.status) : answer.why;
  return [
    `  ${request.method} ${request.target.slice(0, 200)} → ${result} (${Math.round(answer.ms)} ms)`,
    ...(request.body === null ? [] : bodyLines('>', request.body)),
    ...(isAnswer(answer) ? bodyLines('<', answer.body) : []),
  ];
}

function bodyLines(mark: string, body: Uint8Array): string[] {
  if (body.length === 0) return [];
  // Of each character at most four bytes: what is cut in the middle is not shown.
  const text = new TextDecoder().decode(body.subarray(0, BODY_CHARACTERS * 4 + 4));
  const shown = text.slice(0, BODY_CHARACTERS);
  if (NO_TEXT.test(shown)) return [`    ${mark} ${body.length} bytes that are no text`];
  const lines = shown.split(/\r?\n/);
  const isCut = text.trimEnd().length > BODY_CHARACTERS || lines.length > BODY_LINES;
  return lines
    .filter((line, at) => at < BODY_LINES && !(line === '' && at === lines.length - 1))
    .map((line, at, all) => `    ${mark} ${line}${isCut && at === all.length - 1 ? '…' : ''}`);
}
