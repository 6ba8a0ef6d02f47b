import { withRedis } from '../../lib/servers/redis.mjs';
import { sleeper } from '../programs.mjs';

/** More than can be graded at once, so that some wait in Redis when it goes. */
const WAITING = 30;

async function fillTheQueue(scene) {
  const handed = Array.from({ length: WAITING }, (_, index) =>
    scene.handIn(sleeper(1, 'chaos-wait'), { name: 'waiting', person: index % 8 }),
  );
  await Promise.all(handed);
}

/** Only 202, or 503 with `Retry-After`, while Redis is away. */
function checkAnswers(scene, since) {
  const posts = scene.traffic.filter(({ route, startedAt }) => startedAt >= since && route.startsWith('POST'));
  const other = posts.filter(({ status, retryAfter }) => status !== 202 && !(status === 503 && retryAfter !== null));
  scene.check(other.length === 0, `a POST without Redis was answered ${other[0]?.status ?? other[0]?.error}`);
  scene.check(posts.length > 0, 'nothing was handed in while Redis was away');
}

/** Row 6. */
export const killRedis = {
  row: '6',
  what: 'kill -9 of Redis, which appends to a file; back after a while',

  async run(scene) {
    const { redis } = scene.topology;
    scene.startLoad();
    await scene.pause(1_500);
    const since = Date.now();
    scene.fault();
    await redis.kill();
    await scene.pause(scene.scale(3_000, 30_000));
    checkAnswers(scene, since);
    await redis.start();
    await scene.pause(1_000);
  },
};

/** Row 7. */
export const wipeRedis = {
  row: '7',
  what: 'kill -9 of Redis and loss of all its data, while submissions wait in it',

  async run(scene) {
    const { redis } = scene.topology;
    scene.startLoad();
    await fillTheQueue(scene);
    const since = Date.now();
    const running = await runningNow(scene);
    scene.fault();
    await redis.kill();
    await redis.wipe();
    await scene.pause(scene.scale(2_000, 20_000));
    checkAnswers(scene, since);
    await redis.start();
    scene.stopLoad();
    await scene.require('all has ended', async () => (await unfinished(scene)) === 0, 150_000);
    const again = await claimedTwice(scene);
    scene.check(
      again <= running,
      `${again} runs were claimed twice, and ${running} were being graded when Redis was wiped`,
    );
  },
};

/** Row 8. */
export const fullRedis = {
  row: '8',
  what: 'Redis has no memory left (noeviction)',

  async run(scene) {
    const { redis, apis, workers } = scene.topology;
    const pids = [...apis, ...workers].map(({ pid }) => pid);
    scene.startLoad();
    await scene.pause(1_500);
    const since = Date.now();
    await withRedis(redis.port, (client) => client.config('SET', 'maxmemory-policy', 'noeviction'));
    await withRedis(redis.port, (client) => client.config('SET', 'maxmemory', '1'));
    scene.fault();
    await scene.pause(scene.scale(4_000, 30_000));
    checkAnswers(scene, since);
    const told = await apis[0].metric('assay_outbox_messages');
    scene.check(
      told !== null && told > 0,
      `the metric assay_outbox_messages was ${told} while nothing could be handed over`,
    );
    await withRedis(redis.port, (client) => client.config('SET', 'maxmemory', '0'));
    const now = [...apis, ...workers].map(({ pid, isRunning }) => (isRunning ? pid : null));
    scene.check(String(now) === String(pids), 'a process ended while Redis was full');
  },
};

async function runningNow({ database }) {
  const [{ count }] = await database.select(
    `SELECT COUNT(*) AS "count" FROM "grading_runs" WHERE "status" = 'running'`,
  );
  return Number(count);
}

async function unfinished({ database }) {
  const [{ count }] = await database.select('SELECT COUNT(*) AS "count" FROM "outbox_messages"');
  return Number(count);
}

async function claimedTwice({ database, items }) {
  const ids = new Set(items.map(({ id }) => id));
  const rows = await database.select('SELECT "submissionId" FROM "grading_runs" WHERE "claims" > 1');
  return rows.filter(({ submissionId }) => ids.has(submissionId)).length;
}
