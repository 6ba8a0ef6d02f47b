import { sleeper } from '../programs.mjs';

const METRIC = 'assay_stale_results_total';
const TAKEN_OVER_WITHIN_MS = 45_000;

/** Row 4: a worker stands still for longer than its lease, and goes on as if nothing had been. */
export const freezeWorker = {
  row: '4',
  what: 'SIGSTOP of a worker for longer than its lease, then SIGCONT',

  async run(scene) {
    scene.startLoad();
    const item = await scene.handIn(sleeper(2, 'chaos-frozen'), { name: 'frozen' });
    const worker = await scene.require('it is being graded', () => scene.workerOf(item));
    const before = await worker.metric(METRIC);
    scene.fault();
    worker.signal('SIGSTOP');
    await scene.pause(scene.scale(0, 120_000));
    await scene.until(async () => (await scene.runOf(item)).status === 'graded', TAKEN_OVER_WITHIN_MS);
    const { status, claims } = await scene.runOf(item);
    scene.check(
      status === 'graded' && claims === 2,
      `another worker had not graded it meanwhile: ${status}, ${claims} claims`,
    );
    worker.signal('SIGCONT');
    const counted = await scene.until(async () => (await worker.metric(METRIC)) > before, 20_000);
    scene.check(counted !== false, `${METRIC} did not rise when the frozen worker went on`);
  },
};
