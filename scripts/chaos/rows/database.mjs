import { connectMariadb, queryMariadb } from '../servers.mjs';

const ANSWER_WITHIN_MS = 2_000;
const HANG_MS = 5_000;
const BACK_WITHIN_MS = 10_000;

/**
 * What clients must see while the database does not take writes: 503 with a problem document, soon; no request hangs.
 * Reads may work on.
 */
function checkAnswers(scene, since, until, withinMs) {
  const during = scene.traffic.filter(({ startedAt }) => startedAt >= since && startedAt < until);
  const bad = during.filter(({ status }) => status === null || (status >= 500 && status !== 503));
  scene.check(
    bad.length === 0,
    `${bad.length} of ${during.length} requests got ${bad[0]?.status ?? bad[0]?.error} (${bad[0]?.route})`,
  );
  const refused = during.filter(({ status }) => status === 503);
  scene.check(refused.length > 0, 'no request was answered 503 meanwhile');
  const plain = refused.filter(({ type }) => !type.startsWith('application/problem+json'));
  scene.check(plain.length === 0, `a 503 was ${plain[0]?.type} instead of a problem document`);
  const slow = refused.filter(({ ms }) => ms > withinMs);
  const longest = Math.max(0, ...refused.map(({ ms }) => ms));
  scene.check(
    slow.length === 0,
    `${slow.length} of ${refused.length} answers of 503 took over ${withinMs / 1_000} s, up to ${(longest / 1_000).toFixed(1)} s`,
  );
  const hung = during.filter(({ ms }) => ms > HANG_MS);
  const most = Math.max(0, ...during.map(({ ms }) => ms));
  scene.check(
    hung.length === 0,
    `${hung.length} of ${during.length} requests took over ${HANG_MS / 1_000} s, up to ${(most / 1_000).toFixed(1)} s`,
  );
}

async function checkReturn(scene, sinceMs) {
  const back = await scene.until(async () => {
    const answers = scene.traffic.filter(({ startedAt, status }) => startedAt >= sinceMs && status === 202);
    return answers.length > 0;
  }, BACK_WITHIN_MS);
  scene.check(back !== false, `nothing was accepted within ${BACK_WITHIN_MS / 1_000} s after the database was back`);
}

/** Row 9. */
export const killDatabase = {
  row: '9',
  what: 'kill -9 of MariaDB under load; back after a while',

  async run(scene) {
    const { mariadb } = scene.topology;
    scene.startLoad();
    await scene.pause(2_000);
    const since = Date.now();
    scene.fault();
    await mariadb.kill();
    await scene.pause(scene.scale(4_000, 30_000));
    const until = Date.now();
    await mariadb.start();
    const backAt = Date.now();
    await checkReturn(scene, backAt);
    checkAnswers(scene, since, until, ANSWER_WITHIN_MS);
  },
};

/** Row 10: first an ordinary read-only server, then one that lets nobody write and says nothing. */
export const readOnlyDatabase = {
  row: '10',
  what: 'MariaDB read-only, then all its tables locked; workers keep their results',

  async run(scene) {
    const { port } = scene.topology.mariadb;
    scene.startLoad();
    await scene.pause(2_000);
    let since = Date.now();
    scene.fault();
    await queryMariadb(port, 'SET GLOBAL read_only = 1');
    await scene.pause(scene.scale(3_000, 30_000));
    let until = Date.now();
    await queryMariadb(port, 'SET GLOBAL read_only = 0');
    await checkReturn(scene, Date.now());
    checkAnswers(scene, since, until, ANSWER_WITHIN_MS);

    await scene.pause(1_000);
    const connection = await connectMariadb(port);
    since = Date.now();
    scene.fault();
    await connection.query('FLUSH TABLES WITH READ LOCK');
    await scene.pause(scene.scale(8_000, 30_000));
    until = Date.now();
    connection.destroy();
    await checkReturn(scene, Date.now());
    checkAnswers(scene, since, until, HANG_MS);
  },
};
