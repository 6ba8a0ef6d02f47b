import { sleeper } from '../programs.mjs';
import { connectMariadb } from '../servers.mjs';

/** Row 2: a worker is killed when it has a result and has not stored it. */
export const killBeforeStore = {
  row: '2',
  what: 'kill -9 of a worker whose result is computed and not stored',
  isEmbeddedToo: true,

  async run(scene) {
    scene.startLoad(1);
    for (let round = 0; round < scene.scale(1, 5); round += 1) {
      const item = await scene.handIn(sleeper(1, 'chaos-store'), { name: 'not stored', person: round % 8 });
      const worker = await scene.require('it is being graded', () => scene.workerOf(item));
      const held = scene.topology.isEmbedded ? await holdSqlite(scene) : await holdRow(scene, item);
      try {
        await held.untilStoring();
        scene.fault();
        await worker.kill();
      } finally {
        await held.release();
      }
      await worker.startAndWait();
      scene.follow(item);
      await scene.require(
        'it is graded all the same',
        async () => (await scene.runOf(item))?.status === 'graded',
        90_000,
      );
      const { claims } = await scene.runOf(item);
      scene.check(claims === 2, `it was claimed ${claims} times instead of twice`);
    }
  },
};

/** Locks the row that storing a result changes last: the transaction has everything else when it waits there. */
async function holdRow(scene, item) {
  const { mariadb } = scene.topology;
  const connection = await connectMariadb(mariadb.port, 'assay');
  await connection.query('BEGIN');
  await connection.query('SELECT id FROM submissions WHERE id = ? FOR UPDATE', [item.id]);
  return {
    untilStoring: () =>
      scene.require('its result waits to be stored', async () => {
        const rows = await scene.database.select(
          `SELECT INFO AS "info" FROM information_schema.PROCESSLIST WHERE COMMAND <> 'Sleep' AND TIME_MS > 300 AND INFO LIKE 'UPDATE%submissions%'`,
        );
        return rows.length > 0;
      }),
    release: () => connection.destroy(),
  };
}

/** SQLite has one lock for all writers. What is ready to be stored shows in the folder of the sandbox: it has ended. */
async function holdSqlite(scene) {
  const { default: Database } = await import('better-sqlite3');
  const connection = new Database(scene.database.file, { timeout: 5_000 });
  connection.exec('BEGIN IMMEDIATE');
  return {
    async untilStoring() {
      await scene.require('its program has ended', async () => scene.isGone('chaos-store'), 20_000);
      await scene.pause(500);
    },
    release: () => connection.close(),
  };
}
