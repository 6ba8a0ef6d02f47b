import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import type { RunResult } from '../../src/submissions/grading-runs.js';
import { gradeInSandbox } from '../support/grade-in-sandbox.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { DIALECTS, type Dialect } from './unit-dialects.js';

const inShort = ({ cases }: RunResult['tests'][number]) =>
  (cases ?? []).map(({ name, verdict, points }) => `${name.split(/::|\.| > /).at(-1)} ${verdict} ${points}`);

/** Every framework that Assay starts, with right and wrong submissions, and with those that cheat. */
describe('unit tests', () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 2, supervisor: requiredSupervisor() });
  });
  afterAll(() => sandbox.shutDown());

  const graded = async (
    dialect: Dialect,
    body: string,
    overrides: object = {},
  ): Promise<RunResult['tests'][number]> => {
    const test = { kind: 'unit', name: 'calc', points: 10, framework: dialect.framework, ...overrides };
    const grading = { runtime: dialect.runtime, files: dialect.tests, tests: [test] };
    const [result] = (await gradeInSandbox(sandbox, grading, dialect.submission(body))).tests;
    if (result === undefined) throw new Error('There is no result.');
    return result;
  };
  describe.each(DIALECTS)('of $framework', (dialect) => {
    const { names } = dialect;

    it('give each case its part', async () => {
      const right = await graded(dialect, dialect.right);
      expect(right, JSON.stringify(right)).toMatchObject({ verdict: 'accepted', points: 10, message: null });
      expect(inShort(right)).toEqual([`${names[0]} accepted 5`, `${names[1]} accepted 5`]);
      const partly = await graded(dialect, dialect.partly, { perCase: { [names[0]]: 4, [names[1]]: 6 } });
      expect(partly, JSON.stringify(partly)).toMatchObject({ verdict: 'wrong_answer', points: 4 });
      expect(inShort(partly)).toEqual([`${names[0]} accepted 4`, `${names[1]} wrong_answer 0`]);
      expect(partly.cases?.[1]?.message).toMatch(/-1\b[^]*\b6|6\b[^]*-1\b/);
    });

    it('say what keeps them from running', async () => {
      const broken = await graded(dialect, dialect.broken);
      expect(broken, JSON.stringify(broken)).toMatchObject({ verdict: 'runtime_error', points: 0 });
      expect(broken.message).toMatch(dialect.complaint);
      // What the submission lacks is not the fault of Assay, and no case is lost from sight.
      if (dialect.framework !== 'junit') expect(broken.cases).toHaveLength(2);
    });

    it('keep what was told before a limit was met', async () => {
      const limits = { ...dialect.patience, wallMs: 60_000 };
      const endless = await graded(dialect, dialect.endless, { limits });
      expect(endless, JSON.stringify(endless)).toMatchObject({ verdict: 'time_limit_exceeded', points: 5 });
      expect(endless.cases).toMatchObject([{ verdict: 'accepted' }, { points: 0, maxPoints: 5 }]);
    });

    it.each(Object.entries(dialect.cheats))('are not passed by a submission that %s', async (_, body) => {
      const cheat = await graded(dialect, body);
      expect(cheat.verdict, JSON.stringify(cheat)).not.toBe('accepted');
      expect(cheat.verdict, JSON.stringify(cheat)).not.toBe('judge_error');
      expect(cheat.points, JSON.stringify(cheat)).toBeLessThanOrEqual(5);
      expect(cheat.cases?.filter(({ maxPoints }) => maxPoints > 0) ?? []).toHaveLength(2);
      expect(cheat.cases?.find(({ name }) => name.endsWith(names[1]))?.points).toBe(0);
    });
  });
});
