import { randomUUID } from 'node:crypto';
import { sleeper } from '../programs.mjs';

const TIMES = 4;

/** Row 22: the same run is delivered again and again, while it is graded and after its end. */
export const deliverTwice = {
  row: '22',
  what: 'the same job delivered several times, while it is graded and after its end',
  isEmbeddedToo: true,

  async run(scene) {
    const bell = scene.topology.isEmbedded ? outboxBell(scene) : await bullBell(scene);
    try {
      scene.startLoad();
      for (let round = 0; round < scene.scale(2, 10); round += 1) {
        const item = await scene.handIn(sleeper(1, 'chaos-twice'), { name: 'delivered twice', person: round % 8 });
        const { id: runId } = await scene.runOf(item);
        for (let time = 0; time < TIMES; time += 1) await bell.ring(runId);
        await scene.require('it is being graded', async () => (await scene.runOf(item))?.status === 'running');
        for (let time = 0; time < TIMES; time += 1) await bell.ring(runId);
        await scene.require('it is graded', async () => (await scene.runOf(item))?.status === 'graded');
        for (let time = 0; time < TIMES; time += 1) await bell.ring(runId);
        await bell.isSilent(runId);
        const { claims } = await scene.runOf(item);
        scene.check(claims === 1, `a run that was delivered ${3 * TIMES + 1} times was claimed ${claims} times`);
      }
    } finally {
      await bell.close();
    }
  },
};

/** Puts jobs of other ids, for the same run, into Bull: so they are delivered, to both workers. */
async function bullBell(scene) {
  const { default: Bull } = await import('bull');
  const { redis, redisPrefix } = scene.topology;
  const queue = new Bull('grading', `redis://127.0.0.1:${redis.port}`, { prefix: redisPrefix });
  let rings = 0;
  return {
    async ring(runId) {
      rings += 1;
      const jobId = `chaos-${Date.now()}-${rings}`;
      await queue.add('grade', { runId }, { jobId, removeOnComplete: true, removeOnFail: true });
    },
    isSilent: (runId) =>
      scene.require('no job for it is left', async () => {
        const jobs = await queue.getJobs(['waiting', 'active']);
        return jobs.every((job) => job?.data.runId !== runId);
      }),
    close: () => queue.close(),
  };
}

/** Where no queue can be reached from outside: makes the outbox hand the run over, also once it is over. */
function outboxBell(scene) {
  const { database } = scene;
  return {
    async ring(runId) {
      const now = new Date().toISOString().replace('T', ' ').replace('Z', '');
      const changed = await database.execute('UPDATE "outbox_messages" SET "dueAt" = ? WHERE "runId" = ?', [
        now,
        runId,
      ]);
      if (changed.changes > 0) return;
      await database.execute(
        'INSERT OR IGNORE INTO "outbox_messages" ("id", "runId", "createdAt", "dueAt", "publications") VALUES (?, ?, ?, ?, 0)',
        [randomUUID(), runId, now, now],
      );
      await this.isSilent(runId);
    },
    isSilent: (runId) =>
      scene.require('the outbox has forgotten it', async () => {
        const rows = await database.select('SELECT "id", "publications" FROM "outbox_messages" WHERE "runId" = ?', [
          runId,
        ]);
        return rows.length === 0 || rows.some(({ publications }) => publications > 0);
      }),
    close: () => {},
  };
}
