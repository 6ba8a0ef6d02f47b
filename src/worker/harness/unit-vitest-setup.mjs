// Runs before each test file: sees to it that `expect` still refuses what is wrong.
import { afterEach, beforeEach, expect as known } from 'vitest';

const { random } = Math;

const channel = new BroadcastChannel(process.env.ASSAY_CHANNEL);
delete process.env.ASSAY_CHANNEL;
channel.unref();
const post = channel.postMessage.bind(channel);
let before = null;

beforeEach(({ task }) => {
  // What the case before gave is known by now.
  if (before !== null && before.result?.state !== 'run') {
    const path = [];
    for (let one = before; one !== undefined && one.type !== undefined && one !== before.file; one = one.suite) {
      path.unshift(one.name);
    }
    const { id, name: title, result } = before;
    const message = (result?.errors ?? []).map((error) => `${error.message}`).join('\n');
    post({ id, path: path.join(' > '), title, state: result?.state, message });
  }
  before = task;
});

afterEach(() => {
  const one = random();
  for (const check of [
    () => known(one).toBe(one + 1),
    () => known([one]).toEqual([one + 1]),
    () => known({ one }).toStrictEqual({ one: one + 1 }),
    () => known(false).toBeTruthy(),
    () => known(() => one).toThrow(),
  ]) {
    let refuses = false;
    try {
      check();
    } catch {
      refuses = true;
    }
    if (!refuses) throw new Error(`The framework was changed: ${check} passes.`);
  }
});
