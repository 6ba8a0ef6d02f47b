// Runs in the context of each test file before it: sees to it that `expect` still refuses what is wrong.
const known = expect;
const { random } = Math;

afterEach(() => {
  if (globalThis.expect !== known) throw new Error('`expect` was replaced.');
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
