import { send } from '../http-client.mjs';
import { cancelled, sleeper } from '../programs.mjs';

const NAME = 'chaos-cancel';
const WITHIN_MS = 2_000;
/** What has to wait besides what all workers grade at a time. */
const WAITING = 4;

/** Row 28: a running submission and a waiting one are cancelled. */
export const cancelBoth = {
  row: '28',
  what: 'cancel of a running submission and of a waiting one',
  isEmbeddedToo: true,

  async run(scene) {
    scene.startLoad(1);
    const running = await scene.handIn(cancelled(sleeper(20, NAME)), { name: 'cancelled while it ran' });
    await scene.require('it runs', () => !scene.isGone(NAME));
    await cancel(scene, running);
    const isDead = await scene.until(() => scene.isGone(NAME), WITHIN_MS);
    scene.check(isDead !== false, `its program was still there ${WITHIN_MS / 1_000} s after it was cancelled`);

    scene.stopLoad();
    await Promise.all(
      Array.from({ length: scene.topology.slots + WAITING }, (_, index) =>
        scene.handIn(sleeper(8, 'chaos-filling'), { name: 'in the way', person: index % 8 }),
      ),
    );
    const waiting = await scene.handIn(cancelled(sleeper(0, NAME)), { name: 'cancelled while it waited' });
    await cancel(scene, waiting);
    const run = await scene.runOf(waiting);
    scene.check(run.claims === 0, 'the one that should wait was claimed already');
    const again = await cancelOnce(scene, waiting);
    scene.check(again.status === 409, `cancelling again was answered ${again.status ?? again.error}`);
  },
};

async function cancel(scene, item) {
  const answer = await cancelOnce(scene, item);
  scene.check(
    answer.status === 200 && answer.body.status === 'cancelled',
    `cancel was answered ${answer.status ?? answer.error} ${answer.body?.status ?? ''}`,
  );
  scene.check(answer.ms <= WITHIN_MS, `cancel took ${answer.ms.toFixed(0)} ms`);
}

function cancelOnce(scene, item) {
  const { token } = item.student;
  return send(scene.topology.base, { method: 'POST', path: `/submissions/${item.id}/cancel`, token });
}
