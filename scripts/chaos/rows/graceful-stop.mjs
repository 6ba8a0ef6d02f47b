import { sleeper } from '../programs.mjs';

const RUNNING = 20;
/** What a worker may take: its grace of 10 s, and handing back. */
const STOPPED_WITHIN_MS = 16_000;
const NO_CLAIM_AFTER_MS = 1_000;

/** Row 18, and the restart of everything in turn that a deployment is made of. */
export const stopGracefully = {
  row: '18',
  what: 'SIGTERM of each API and worker in turn with 20 submissions running',

  async run(scene) {
    const { apis, workers, database } = scene.topology;
    scene.startLoad(2);
    const handed = await Promise.all(
      Array.from({ length: RUNNING }, (_, index) =>
        // Some end within the grace, some have to be handed back.
        scene.handIn(sleeper(index % 4 === 0 ? 16 : 6, 'chaos-drain'), {
          name: 'running at the stop',
          person: index % 8,
        }),
      ),
    );
    await scene.until(async () => (await runningAmong(scene, handed)) >= RUNNING, 10_000);
    scene.fault();
    for (const process of [...workers, ...apis]) {
      const { pid } = process;
      const since = Date.now();
      const end = await process.stop(60_000);
      const tookMs = Date.now() - since;
      scene.check(end === 0, `${process.name} ended with ${end} instead of 0`);
      scene.check(tookMs <= STOPPED_WITHIN_MS, `${process.name} took ${(tookMs / 1_000).toFixed(1)} s to stop`);
      if (workers.includes(process)) {
        const rows = await database.select('SELECT "startedAt" FROM "grading_runs" WHERE "leaseOwner" LIKE ?', [
          `%:${pid}:%`,
        ]);
        const late = rows.filter(({ startedAt }) => database.instant(startedAt) > since + NO_CLAIM_AFTER_MS);
        scene.check(
          late.length === 0,
          `${process.name} claimed ${late.length} runs a second after it was told to stop`,
        );
      }
      await process.startAndWait();
      await scene.topology.front.look();
    }
    const since = scene.faults[0];
    const failed = scene.traffic.filter(
      ({ status, startedAt }) => startedAt >= since && (status === null || status >= 500),
    );
    scene.check(failed.length === 0, `${failed.length} requests failed meanwhile: ${countsOf(failed)}`);
  },
};

async function runningAmong({ database }, handed) {
  const marks = handed.map(() => '?').join(', ');
  const ids = handed.map(({ id }) => id);
  const [{ count }] = await database.select(
    `SELECT COUNT(*) AS "count" FROM "grading_runs" WHERE "status" = 'running' AND "submissionId" IN (${marks})`,
    ids,
  );
  return Number(count);
}

/** Such as `12 × POST assignments 503`. */
function countsOf(answers) {
  const counts = new Map();
  for (const { route, status, error, body } of answers) {
    const kind = `${route} ${status ?? error} ${body?.code ?? ''}`.trim();
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ');
}
