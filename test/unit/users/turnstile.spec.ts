import { describe, expect, it } from 'vitest';
import { Turnstile } from '../../../src/users/turnstile.js';

/** Work that ends when it is told to. */
function controllable(): {
  readonly work: () => Promise<string>;
  readonly end: () => void;
  readonly isRunning: () => boolean;
} {
  let running = false;
  let release: (() => void) | undefined;
  const ended = new Promise<void>((resolve) => (release = resolve));
  const work = async (): Promise<string> => {
    running = true;
    await ended;
    running = false;
    return 'done';
  };
  return { work, end: () => release?.(), isRunning: () => running };
}

const turnOfTheLoop = () => new Promise((resolve) => setImmediate(resolve));

describe('a turnstile', () => {
  it('lets as many run as it has places, and the others in the order they came', async () => {
    const turnstile = new Turnstile({ places: 2, mostWaiting: 10 });
    const pieces = Array.from({ length: 4 }, controllable);
    const results = pieces.map((piece) => turnstile.run(piece.work));
    const running = () => pieces.map((piece) => piece.isRunning());
    await turnOfTheLoop();
    expect(running()).toEqual([true, true, false, false]);
    pieces[1]?.end();
    await turnOfTheLoop();
    expect(running()).toEqual([true, false, true, false]);
    for (const piece of pieces) piece.end();
    expect(await Promise.all(results)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('sends away whoever comes when too many wait, and tells when to come back', async () => {
    const turnstile = new Turnstile({ places: 1, mostWaiting: 1 });
    const first = controllable();
    const running = turnstile.run(first.work);
    const waiting = turnstile.run(() => Promise.resolve('second'));
    await expect(turnstile.run(() => Promise.resolve('third'))).rejects.toMatchObject({
      kind: 'unavailable',
      code: 'busy',
      retryAfterSeconds: 2,
    });
    first.end();
    expect(await Promise.all([running, waiting])).toEqual(['done', 'second']);
    expect(await turnstile.run(() => Promise.resolve('fourth'))).toBe('fourth');
  });

  it('goes on after work that failed', async () => {
    const turnstile = new Turnstile({ places: 1, mostWaiting: 1 });
    await expect(turnstile.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turnstile.run(() => Promise.resolve('next'))).toBe('next');
  });
});
