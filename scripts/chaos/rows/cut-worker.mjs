import { sleeper } from '../programs.mjs';

/** Row 11: packets between a worker and one of the two servers are lost; nobody is told. */
export const cutWorker = {
  row: '11',
  what: 'a worker cut off from Redis, then another from the database (nothing is reset)',

  async run(scene) {
    const { links, workers, leaseMs } = scene.topology;
    const cutMs = scene.scale(leaseMs + 3_000, 60_000);
    scene.startLoad();
    for (const [index, name] of ['redis', 'database'].entries()) {
      await scene.require('it grades something that takes a while', async () => {
        const item = await scene.handIn(sleeper(3, 'chaos-cut'), { name: `cut off from ${name}`, person: index });
        return (await scene.require('that is being graded', () => scene.workerOf(item))) === workers[index];
      });
      scene.fault();
      links[index][name].mode = 'hole';
      await scene.pause(cutMs);
      links[index][name].mode = 'pass';
      await scene.pause(1_000);
    }
  },
};
