import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestCase, TestModule, Vitest } from 'vitest/node';

/** What a run came to. `scripts/test.mjs` reads it from the file that `ASSAY_TEST_TALLY` names. */
export interface TestTally {
  readonly passed: number;
  /** Failed tests, and each fault that kept tests from running: a file that does not load, an error outside of any test. */
  readonly failed: number;
  readonly skipped: number;
  /** Tests that ran to an end, by project. */
  readonly ranByProject: Readonly<Record<string, number>>;
  /** Full names of the skipped tests: none is left out in silence. */
  readonly skippedNames: readonly string[];
  /** Tests that failed at first and passed when they were tried again (`retry` in vitest.config.ts), and what went wrong. */
  readonly flakyNames: readonly string[];
}

const LONGEST_FAULT = 1_000;

function firstFaultOf(test: TestCase): string {
  const [fault] = test.result().errors ?? [];
  return `${fault?.message ?? 'unknown'} ${fault?.diff ?? ''}`.replaceAll(/\s+/g, ' ').slice(0, LONGEST_FAULT);
}

/** Adds up a finished run. */
export function tallyOf(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): TestTally {
  let passed = 0;
  let failed = unhandledErrors.length;
  const ranByProject: Record<string, number> = {};
  const skippedNames: string[] = [];
  const flakyNames: string[] = [];
  for (const module of modules) {
    const project = module.project.name;
    let ran = 0;
    let failedHere = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      const name = `${project}: ${module.relativeModuleId}: ${test.fullName}`;
      if (state === 'passed') passed += 1;
      else if (state === 'failed') failedHere += 1;
      else skippedNames.push(name);
      if (test.diagnostic()?.flaky === true) flakyNames.push(`${name}: ${firstFaultOf(test)}`);
      if (state === 'passed' || state === 'failed') ran += 1;
    }
    // A file that does not load, or a hook that fails, takes its tests with it: the run must not look better for that.
    const faults = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())];
    failed += failedHere + (failedHere === 0 ? Math.min(faults.length, 1) : 0);
    ranByProject[project] = (ranByProject[project] ?? 0) + ran;
  }
  return { passed, failed, skipped: skippedNames.length, ranByProject, skippedNames, flakyNames };
}

/** Ends a run's output with the line `N passed, N failed, N skipped`, after the names of what was skipped or flaky. */
export class ClosingLineReporter implements Reporter {
  private namesAreChosen = false;

  onInit(vitest: Vitest): void {
    // With `-t`, all that does not match counts as skipped, and the list of it would be the whole suite.
    this.namesAreChosen = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const whole = tallyOf(modules, unhandledErrors);
    const tally = this.namesAreChosen ? { ...whole, skippedNames: [] } : whole;
    const file = process.env['ASSAY_TEST_TALLY'];
    if (file !== undefined) {
      // The command that started us prints the names and the closing line, after it has cleaned up.
      writeFileSync(file, JSON.stringify(tally));
      return;
    }
    const lines = [
      ...tally.skippedNames.map((name) => `skipped: ${name}`),
      ...tally.flakyNames.map((name) => `passed at the second try only: ${name}`),
    ];
    lines.push(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
    // At the very end: the default reporter prints its summary at the same event.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}
