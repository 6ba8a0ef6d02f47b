import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { FIRST_HASH, hashOfEntry, type HashedEntry } from '../../../src/audit/entry-hash.js';

const ENTRY: HashedEntry = {
  sequence: 1,
  id: '0197f0c2-0000-7000-8000-000000000001',
  at: new Date(Date.UTC(2026, 8, 1, 8, 0, 0, 7)),
  actorId: '0197f0c2-0000-7000-8000-000000000002',
  action: 'score.overridden',
  targetType: 'submission',
  targetId: '0197f0c2-0000-7000-8000-000000000003',
  courseId: null,
  address: '203.0.113.7',
  detail: { score: 1.5, before: null },
};

describe('the hash of an audit entry', () => {
  it('is SHA-256 over a text that anybody can write down', () => {
    const text =
      `["${FIRST_HASH}",1,"${ENTRY.id}","2026-09-01T08:00:00.007Z","${ENTRY.actorId}","score.overridden","submission",` +
      `"${ENTRY.targetId}",null,"203.0.113.7",{"before":null,"score":1.5}]`;
    expect(hashOfEntry(FIRST_HASH, ENTRY)).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('does not depend on the order of members, nor on what JSON leaves out', () => {
    const detail = { before: null, score: 1.5, gone: undefined };
    expect(hashOfEntry(FIRST_HASH, { ...ENTRY, detail })).toBe(hashOfEntry(FIRST_HASH, ENTRY));
    const nested = (value: unknown) => hashOfEntry(FIRST_HASH, { ...ENTRY, detail: { value } });
    expect(nested([{ a: 1, b: [2] }])).toBe(nested([{ b: [2], a: 1 }]));
    expect(nested([1, 2])).not.toBe(nested([2, 1]));
  });

  it.each([
    { sequence: 2 },
    { id: '0197f0c2-0000-7000-8000-000000000009' },
    { at: new Date(Date.UTC(2026, 8, 1, 8, 0, 0, 8)) },
    { actorId: '0197f0c2-0000-7000-8000-000000000009' },
    { action: 'score.override_withdrawn' },
    { targetType: 'user' },
    { targetId: '0197f0c2-0000-7000-8000-000000000009' },
    { courseId: '0197f0c2-0000-7000-8000-000000000009' },
    { address: null },
    { detail: null },
    { detail: { score: 1.5, before: 0 } },
  ] as const)('changes with %o', (change) => {
    expect(hashOfEntry(FIRST_HASH, { ...ENTRY, ...change })).not.toBe(hashOfEntry(FIRST_HASH, ENTRY));
  });

  it('changes with the hash before', () => {
    expect(hashOfEntry('1'.repeat(64), ENTRY)).not.toBe(hashOfEntry(FIRST_HASH, ENTRY));
  });
});
