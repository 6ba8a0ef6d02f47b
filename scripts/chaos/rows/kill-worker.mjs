/** Rounds at a time, between two audits. */
const CHUNK = 5;

/** Row 1: workers are killed at random instants while they grade. */
export const killWorker = {
  row: '1',
  what: 'kill -9 of a worker mid-grade, at random instants',
  isEmbeddedToo: true,
  hasTimes: true,
  chunk: CHUNK,
  rounds: { quick: 2, long: 20 },

  async run(scene) {
    const { workers, leaseMs } = scene.topology;
    scene.startLoad();
    for (let round = 0; round < scene.rounds; round += 1) {
      const worker = workers[Math.floor(scene.random() * workers.length)];
      await scene.require(
        `${worker.name} grades something`,
        async () => (await worker.metric('assay_grading_running')) > 0,
      );
      await scene.pause(scene.random() * 1_500);
      scene.fault();
      await worker.kill();
      await worker.startAndWait();
      // The next kill shall not meet what this one has met: three in a row would rightly end a submission as poison.
      await scene.pause(leaseMs + 2_000);
    }
  },
};
