const CHUNK = 5;
/** Requests under way at a kill. */
const BURST = 6;
/** About as long as a POST takes. */
const WITHIN_MS = 25;

/** Row 5: APIs are killed while they take submissions in. */
export const killApi = {
  row: '5',
  what: 'kill -9 of an API during POST, at random instants; clients ask again with their keys',
  isEmbeddedToo: true,
  hasTimes: true,
  chunk: CHUNK,
  rounds: { quick: 3, long: 20 },

  async run(scene) {
    const { apis, isEmbedded, leaseMs } = scene.topology;
    scene.startLoad();
    await scene.pause(500);
    for (let round = 0; round < scene.rounds; round += 1) {
      const api = apis[round % apis.length];
      for (let request = 0; request < BURST; request += 1) {
        scene.handInSoon({
          person: request,
          program: 'right',
          form: request % 3 === 0 ? 'multipart' : 'json',
          hasKey: true,
        });
      }
      await scene.pause(scene.random() * WITHIN_MS);
      scene.fault();
      await api.kill();
      await api.startAndWait();
      // In one process what is graded dies as well: three kills in a row would rightly end a submission as poison.
      await scene.pause(isEmbedded ? leaseMs + 2_000 : scene.random() * 1_000);
    }
  },
};
