import { describe, expect, it } from 'vitest';
import { pauseAfterFailures } from '../../../src/mail/mail-handover.js';
import { outcomeOf } from '../../../src/mail/smtp-mail-transport.js';

const failure = (code: string, responseCode?: number): Error =>
  Object.assign(new Error('for ada@example.org'), { code, ...(responseCode === undefined ? {} : { responseCode }) });

describe('an error of the mail server', () => {
  it.each([
    [failure('EENVELOPE', 550), { kind: 'refused', isFinal: true, reason: 'EENVELOPE 550' }],
    [failure('EMESSAGE', 451), { kind: 'refused', isFinal: false, reason: 'EMESSAGE 451' }],
    [failure('EENVELOPE'), { kind: 'refused', isFinal: true, reason: 'EENVELOPE' }],
    [failure('EENVELOPE', 421), { kind: 'broken_off', reason: 'EENVELOPE 421' }],
    [failure('EAUTH', 535), { kind: 'broken_off', reason: 'EAUTH 535' }],
    [failure('ETIMEDOUT'), { kind: 'broken_off', reason: 'ETIMEDOUT' }],
    ['something else', { kind: 'broken_off', reason: 'unknown' }],
  ])('%o tells what became of the mail, in codes only', (error, outcome) => {
    expect(outcomeOf(error)).toEqual(outcome);
  });
});

describe('the pause after a refusal', () => {
  it('doubles from half a minute to six hours', () => {
    expect([1, 2, 3, 9, 20].map(pauseAfterFailures)).toEqual([30_000, 60_000, 120_000, 7_680_000, 21_600_000]);
  });
});
