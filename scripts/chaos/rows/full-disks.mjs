import { sleeper } from '../programs.mjs';
import { NotRun } from '../scene.mjs';

const READY_AGAIN_MS = 60_000;

/** Row 12: the disk that a worker's sandbox works on is full. */
export const fullWorkArea = {
  row: '12',
  what: "the disk of a worker's work area is full, also when it starts; then has room again",

  async run(scene) {
    const { workArea, workers } = scene.topology;
    if (workArea === null) throw new NotRun('no file system may be mounted here: needs root');
    const worker = workers[1];
    scene.startLoad();
    const item = await scene.handIn(sleeper(1, 'chaos-disk'), { name: 'on a full disk' });
    await scene.require('it is being graded', async () => (await scene.runOf(item))?.status === 'running');
    scene.fault();
    await workArea.fill();
    // Sandboxes that are open may need no more room: then the worker goes on, rightly. The audit looks at its verdicts.
    await scene.pause(scene.scale(2_000, 60_000));
    // One that begins now cannot.
    await worker.kill();
    worker.start();
    const unready = await scene.until(async () => (await worker.ask('/health/ready'))?.status === 503, 40_000);
    scene.check(
      unready !== false,
      'a worker that was started on a full disk did not say within 40 s that it is not ready',
    );
    await scene.pause(scene.scale(1_000, 20_000));
    scene.check(worker.isRunning, 'a worker that was started on a full disk ended');
    scene.stopLoad();
    await workArea.makeRoom();
    const ready = await scene.until(async () => (await worker.ask('/health/ready'))?.status === 200, READY_AGAIN_MS);
    scene.check(ready !== false, `the worker was not ready ${READY_AGAIN_MS / 1_000} s after there was room again`);
  },
};

/** Row 13: there is no room for what is handed in. */
export const fullStore = {
  row: '13',
  what: 'the disk of the submitted files is full, then has room again',

  async run(scene) {
    const { store } = scene.topology;
    if (store === null) throw new NotRun('no file system may be mounted here: needs root');
    scene.startLoad();
    await scene.pause(1_000);
    await store.fill();
    const since = Date.now();
    scene.fault();
    await scene.pause(scene.scale(3_000, 30_000));
    const until = Date.now();
    const courses = await scene.school.try('GET', '/courses');
    scene.check(courses.status === 200, `GET /courses was answered ${courses.status ?? courses.error} meanwhile`);
    await store.makeRoom();
    const posts = scene.traffic.filter(
      ({ route, startedAt }) => route.startsWith('POST') && startedAt >= since && startedAt < until,
    );
    const other = posts.filter(({ status }) => status !== 507 && status !== 503);
    scene.check(posts.length > 0, 'nothing was handed in meanwhile');
    scene.check(other.length === 0, `a POST to a full disk was answered ${other[0]?.status ?? other[0]?.error}`);
    const back = await scene.until(
      () => scene.traffic.some(({ startedAt, status }) => startedAt > until && status === 202),
      10_000,
    );
    scene.check(back !== false, 'nothing was accepted within 10 s after there was room again');
  },
};
