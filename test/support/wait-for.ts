import { setTimeout as pause } from 'node:timers/promises';

interface WaitOptions {
  /** What is waited for, as the end of the sentence "Timed out waiting until …". */
  readonly until?: string;
  readonly timeoutMs?: number;
  readonly pollEveryMs?: number;
}

/**
 * Asks again and again until `ask` gives something other than null, undefined and false, and resolves to that. Instead of a
 * pause of a guessed length, wait for the thing itself. An error of `ask` is remembered and counts as "not yet".
 */
export async function waitFor<T>(
  ask: () => T | Promise<T>,
  { until = 'the condition holds', timeoutMs = 20_000, pollEveryMs = 20 }: WaitOptions = {},
): Promise<Exclude<T, null | undefined | false>> {
  const deadline = performance.now() + timeoutMs;
  let lastAnswer: unknown;
  let lastError: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (isAnswer(answer)) return answer;
      lastAnswer = answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) {
      const last = lastError === undefined ? `the last answer was ${String(lastAnswer)}` : 'the last try failed';
      throw new Error(`Timed out after ${timeoutMs} ms waiting until ${until}; ${last}.`, { cause: lastError });
    }
    await pause(pollEveryMs);
  }
}

function isAnswer<T>(value: T): value is Exclude<T, null | undefined | false> {
  return value !== null && value !== undefined && value !== false;
}
