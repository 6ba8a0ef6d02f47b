import { describe, expect, it } from 'vitest';
import { readOptions } from '../../../scripts/chaos/options.mjs';

describe('the options of npm run chaos', () => {
  it('without any: all rows, at full scale, with a seed of its own', () => {
    expect(readOptions([], () => 42)).toEqual({
      isQuick: false,
      isEmbedded: false,
      rounds: null,
      rows: null,
      minutes: 600,
      json: null,
      resume: null,
      seed: 42,
    });
  });

  it('reads all, with a blank or an equals sign', () => {
    const args = ['--quick', '--embedded', '--rounds', '200', '--rows=1, 05', '--minutes', '7', '--seed=0'];
    expect(readOptions([...args, '--json', 'a.json'])).toEqual({
      isQuick: true,
      isEmbedded: true,
      rounds: 200,
      rows: ['1', '5'],
      minutes: 7,
      json: 'a.json',
      resume: null,
      seed: 0,
    });
  });

  it('is quick within five minutes, and writes to the file that it goes on from', () => {
    expect(readOptions(['--quick', '--resume', 'b.json'])).toMatchObject({
      minutes: 5,
      json: 'b.json',
      resume: 'b.json',
    });
  });

  it.each([
    [['--fast'], '"--fast" is no option'],
    [['1'], '"1" is no option'],
    [['--rounds'], '--rounds needs a value'],
    [['--rounds', '0'], 'from 1 to 10000'],
    [['--rows', '1,x'], '"x" is none'],
    [['--quick=yes'], '"--quick" is no option'],
  ])('refuses %j with what would be right', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});
