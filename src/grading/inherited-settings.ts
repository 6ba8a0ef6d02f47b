import { nearestVisibility, type SaidOfFeedback, settledFeedback } from './feedback.js';
import type { GradingLimits } from './grading-document.js';
import type { RawExpectation, RawGradingDocument, RawTest, RawTestGroup } from './raw-grading-document.js';

/** A group, and the groups around it, from the innermost out. */
export type GroupChain = readonly RawTestGroup[];

/** By the name of each group the groups around it, itself first. Stops where groups are inside themselves. */
export function chainsOf(groups: readonly RawTestGroup[]): ReadonlyMap<string, GroupChain> {
  const around = new Map<string, RawTestGroup>();
  for (const group of groups) for (const inner of group.groups ?? []) around.set(inner, group);
  return new Map(
    groups.map((group) => {
      const chain: RawTestGroup[] = [];
      for (let next: RawTestGroup | undefined = group; next !== undefined && !chain.includes(next);) {
        chain.push(next);
        next = around.get(next.name);
      }
      return [group.name, chain];
    }),
  );
}

/** What the innermost group of `chain` that says it says; undefined where none does. */
export function inherited<Key extends keyof RawTestGroup>(chain: GroupChain, key: Key): RawTestGroup[Key] | undefined {
  return chain.find((group) => group[key] !== undefined)?.[key];
}

/**
 * `raw` with what the groups around its tests hand to them written into the tests. What a test says itself comes first, then
 * what the innermost group says, and last, of checkers and feedback, what the document does. Limits are handed down one by one; of the three that say how output is compared, the
 * other two come from where `compare` comes from, or from further in.
 */
export function withInheritedSettings(raw: RawGradingDocument): RawGradingDocument {
  const groups = raw.groups ?? [];
  const chains = chainsOf(groups);
  const chainOfTest = new Map<string, GroupChain>();
  for (const group of groups) for (const test of group.tests ?? []) chainOfTest.set(test, chains.get(group.name) ?? []);
  return { ...raw, tests: raw.tests.map((test) => inheriting(test, chainOfTest.get(test.name) ?? [], raw)) };
}

function inheriting(test: RawTest, chain: GroupChain, document: RawGradingDocument): RawTest {
  const common = { ...feedbackFrom([document, ...chain.toReversed(), test]), ...limitsFrom(test, chain) };
  if (test.kind !== 'program') return { ...test, ...common };
  const expect = comparisonFrom(test.expect ?? {}, chain);
  const checker = test.checker ?? inherited(chain, 'checker') ?? document.checker ?? null;
  const checkerArgs = test.checkerArgs ?? inherited(chain, 'checkerArgs') ?? document.checkerArgs ?? [];
  const judged = checker === null ? {} : { checker, checkerArgs };
  return { ...test, ...common, ...judged, ...(Object.keys(expect).length === 0 ? {} : { expect }) };
}

/** From the outermost to the innermost, which is the test: only it can have a hint. */
function feedbackFrom(levels: readonly SaidOfFeedback[]): Pick<RawTest, 'visibility' | 'feedback'> {
  const isSaid = levels.some(({ visibility }) => visibility !== undefined);
  const isPartly = levels.some(({ feedback }) => Object.values(feedback ?? {}).some((said) => said !== null));
  if (!isSaid && !isPartly) return { feedback: null };
  const shown = settledFeedback(levels);
  const hint = levels.at(-1)?.feedback?.hint ?? null;
  return { visibility: nearestVisibility(shown), feedback: isPartly ? { ...shown, hint } : null };
}

function limitsFrom({ limits: own }: RawTest, chain: GroupChain): { readonly limits?: Partial<GradingLimits> } {
  const limits: Partial<GradingLimits> = {};
  for (const group of chain.toReversed()) Object.assign(limits, group.limits);
  Object.assign(limits, own);
  return Object.keys(limits).length === 0 ? {} : { limits };
}

/** How output is compared where `own` leaves it to `chain`, the groups around. */
export function comparisonFrom(own: RawExpectation, chain: GroupChain): RawExpectation {
  let comparison = own;
  for (const { expect } of chain) {
    if (comparison.compare !== undefined) break;
    comparison = { ...expect, ...comparison };
  }
  return comparison;
}
