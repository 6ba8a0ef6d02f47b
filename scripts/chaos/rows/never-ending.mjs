import { neverEnding } from '../programs.mjs';

const NAME = 'chaos-for-ever';
const WALL_MS = 3_000;
const KILLED_WITHIN_MS = 1_000;
const FREE_WITHIN_MS = 2_000;

/** Row 24. */
export const endNeverEnding = {
  row: '24',
  what: 'a program that sleeps for ever',
  isEmbeddedToo: true,

  async run(scene) {
    scene.startLoad(1);
    for (let round = 0; round < scene.scale(1, 5); round += 1) {
      const item = await scene.handIn(neverEnding(NAME), { name: 'never ending', person: round % 8 });
      await scene.require('it runs', () => !scene.isGone(NAME));
      const sinceMs = performance.now();
      await scene.require('it is killed', () => scene.isGone(NAME));
      const tookMs = performance.now() - sinceMs;
      const limitMs = WALL_MS + KILLED_WITHIN_MS;
      scene.check(
        tookMs <= limitMs,
        `its program lived for ${(tookMs / 1_000).toFixed(1)} s, with ${WALL_MS / 1_000} s allowed`,
      );
      const graded = await scene.until(async () => (await scene.runOf(item))?.status === 'graded', FREE_WITHIN_MS);
      scene.check(graded !== false, `its slot was not free ${FREE_WITHIN_MS / 1_000} s after its end`);
    }
  },
};
