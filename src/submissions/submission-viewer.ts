import type { TestResult } from '../grading/test-result.js';
import { presentTestResult, type PresentedTestResult } from '../grading/visibility.js';
import type { VisibleSubmission } from './submission-access.js';

const TRUSTED_MS = 1_000;

/**
 * Somebody who watches a submission for minutes. What they may see is asked anew, at most once a second, because roles,
 * deadlines and accounts change meanwhile.
 */
export class SubmissionViewer {
  private trustedUntil = performance.now() + TRUSTED_MS;

  /**
   * @param ask what they may see now; null: nothing any longer
   * @param now the database's clock
   */
  constructor(
    private visible: VisibleSubmission,
    private readonly ask: () => Promise<VisibleSubmission | null>,
    private readonly now: () => Date,
  ) {}

  /** To be asked before something is told. False: nothing may be told any more. */
  async mayWatch(): Promise<boolean> {
    if (performance.now() < this.trustedUntil) return true;
    const visible = await this.ask();
    if (visible === null) return false;
    this.visible = visible;
    this.trustedUntil = performance.now() + TRUSTED_MS;
    return true;
  }

  /**
   * The result as they may see it; null where they may not know of it.
   *
   * @param number 1, 2, 3, … among those of the run that they may know of
   */
  present(result: TestResult, number: number): PresentedTestResult | null {
    const { viewer, assignment } = this.visible;
    return presentTestResult(result, viewer, { now: this.now(), dueAt: assignment.dueAt }, number);
  }
}
