import { descendantsOf, processesNamed } from '../leftovers.mjs';
import { spinner } from '../programs.mjs';

const NAME = 'chaos-orphan';

/** Row 3: only what watches over a student's program is killed. */
export const killSupervisor = {
  row: '3',
  what: 'kill -9 of the sandbox supervisor alone, with a program that computes',

  async run(scene) {
    scene.startLoad(1);
    for (let round = 0; round < scene.scale(2, 10); round += 1) {
      const item = await scene.handIn(spinner(4, NAME), { name: 'orphaned', person: round % 8 });
      const worker = await scene.require('it is being graded', () => scene.workerOf(item));
      await scene.require('its program runs', () => !scene.isGone(NAME));
      const [programs, supervisor] = [processesNamed(NAME), aboveOf(worker, NAME)];
      if (!scene.check(supervisor !== null, 'no process of Assay was found above the program')) return;
      scene.fault();
      process.kill(supervisor, 'SIGKILL');
      // By number: the run is graded anew soon, under the same name.
      const isDead = await scene.until(() => !processesNamed(NAME).some((pid) => programs.includes(pid)), 2_000);
      scene.check(isDead !== false, 'the program was still there 2 s after its supervisor was killed');
      await scene.require('it is graded anew', async () => (await scene.runOf(item))?.status === 'graded', 90_000);
    }
  },
};

/** The process of the sandbox that is nearest above the program: its first process, or its supervisor. */
function aboveOf(worker, name) {
  const all = descendantsOf(worker.pid);
  const program = all.find((process) => process.name === name);
  if (program === undefined) return null;
  const chain = all.filter(({ pid }) => descendantsOf(pid).some((below) => below.pid === program.pid));
  return (chain.find((process) => process.name === 'supervisor') ?? chain.at(-1))?.pid ?? null;
}
