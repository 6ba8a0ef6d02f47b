import type { Feedback, FeedbackPart, Visibility } from './grading-document.js';

/** What `feedback` says in one place: of a test, of a group, or of the whole document. */
export interface RawFeedback {
  readonly now?: readonly FeedbackPart[] | null;
  readonly afterDue?: readonly FeedbackPart[] | null;
  readonly hint?: string | null;
}

/** The same of one level, the word `visibility` with it. */
export interface SaidOfFeedback {
  readonly visibility?: Visibility;
  readonly feedback?: RawFeedback | null;
}

/** What students see of a test: before it is due, and from then on. */
export type Shown = Omit<Feedback, 'hint'>;

/** When something is looked at, and the `dueAt` of its assignment. */
export interface VisibilityContext {
  readonly now: Date;
  readonly dueAt: Date | null;
}

/** A test or its result, as far as it says what students see of it. */
export interface Disclosed {
  readonly visibility: Visibility;
  readonly feedback?: Feedback | null;
}

const NOTHING: readonly FeedbackPart[] = [];
const OUTLINE: readonly FeedbackPart[] = ['name', 'score'];
const EVERYTHING: readonly FeedbackPart[] = ['name', 'score', 'output', 'message', 'expected', 'hint'];

/** What each word of `visibility` stands for. */
const WORDS: Readonly<Record<Visibility, Shown>> = {
  visible: { now: EVERYTHING, afterDue: EVERYTHING },
  hidden: { now: OUTLINE, afterDue: OUTLINE },
  secret: { now: NOTHING, afterDue: NOTHING },
  'after-due': { now: OUTLINE, afterDue: EVERYTHING },
};

/**
 * What `levels` come to, from the outermost (the document) to the innermost (the test). Each speaks over those around it: a
 * `visibility` for both moments, `now` for both unless `afterDue` stands beside it, `afterDue` for that moment.
 */
export function settledFeedback(levels: readonly SaidOfFeedback[]): Shown {
  return levels.reduce<Shown>((shown, { visibility, feedback }) => {
    const { now, afterDue } = visibility === undefined ? shown : WORDS[visibility];
    const own = feedback?.now ?? null;
    return { now: own ?? now, afterDue: feedback?.afterDue ?? own ?? afterDue };
  }, WORDS.visible);
}

/**
 * The word of `visibility` that shows most without showing more than that: for whoever knows the words only.
 */
export function nearestVisibility({ now, afterDue }: Shown): Visibility {
  const words = ['visible', 'after-due', 'hidden'] as const;
  return words.find((word) => holds(now, WORDS[word].now) && holds(afterDue, WORDS[word].afterDue)) ?? 'secret';
}

/**
 * Who will read what a test says of its own: `visible` students now, `after-due` students then, `hidden` staff alone. What
 * the results of a command keep from some of them is left out of it by this word.
 */
export function readersOf(test: Disclosed): Visibility {
  if (test.feedback === undefined || test.feedback === null) return test.visibility;
  if (tells(test.feedback.now)) return 'visible';
  return tells(test.feedback.afterDue) ? 'after-due' : 'hidden';
}

/**
 * The parts of a test that students see at the moment. None: they may not know of it. What is shown after due is shown from
 * the instant `dueAt` on; without a `dueAt` the moment never comes. Whoever does not learn the verdict gets no message and no
 * hint either: that there is one would tell it.
 */
export function partsShown(test: Disclosed, { now, dueAt }: VisibilityContext): ReadonlySet<FeedbackPart> {
  const isDue = dueAt !== null && now.getTime() >= dueAt.getTime();
  const shown = test.feedback ?? WORDS[test.visibility];
  const parts = isDue ? shown.afterDue : shown.now;
  return new Set(parts.includes('score') ? parts : parts.filter((part) => !TELLS_VERDICT.includes(part)));
}

/** Whether the passing of the due date changes what students see. */
export function changesWhenDue(test: Disclosed): boolean {
  const { now, afterDue } = test.feedback ?? WORDS[test.visibility];
  return now.length !== afterDue.length || now.some((part) => !afterDue.includes(part));
}

function tells(parts: readonly FeedbackPart[]): boolean {
  return parts.includes('message') || parts.includes('output');
}

/** What only makes sense where the verdict is shown. */
export const TELLS_VERDICT: readonly FeedbackPart[] = ['message', 'hint'];

function holds(parts: readonly FeedbackPart[], others: readonly FeedbackPart[]): boolean {
  return others.every((part) => parts.includes(part));
}
