import { describe, expect, it } from 'vitest';
import { parseRunEvent } from '../../../src/events/parse-run-event.js';

const EVENT = { submissionId: 's', runNumber: 1, id: 1_000_000, kind: 'status', data: { status: 'queued' } };

describe('parseRunEvent', () => {
  it('reads what was published', () => {
    expect(parseRunEvent(JSON.stringify(EVENT))).toEqual(EVENT);
  });

  it('leaves out what it does not know', () => {
    expect(parseRunEvent(JSON.stringify({ ...EVENT, more: 1 }))).toEqual(EVENT);
  });

  it.each([
    'no JSON',
    'null',
    '[]',
    '7',
    JSON.stringify({ ...EVENT, kind: 'unheard-of' }),
    JSON.stringify({ ...EVENT, id: '1000000' }),
    JSON.stringify({ ...EVENT, id: -1 }),
    JSON.stringify({ ...EVENT, id: 1.5 }),
    JSON.stringify({ ...EVENT, runNumber: null }),
    JSON.stringify({ ...EVENT, submissionId: 7 }),
    JSON.stringify({ ...EVENT, data: [] }),
    JSON.stringify({ ...EVENT, data: null }),
  ])('takes %j for no event', (text) => {
    expect(parseRunEvent(text)).toBeNull();
  });
});
