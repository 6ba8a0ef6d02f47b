import { describe, expect, it } from 'vitest';
import { OwnSight } from '../../../src/queue/own-sight.js';

const LEASE_MS = 8_000;
const LOOK_EVERY_MS = 1_000;

describe('OwnSight', () => {
  it('believes what it sees at first, and as long as it looks regularly', () => {
    const sight = new OwnSight(LEASE_MS, LOOK_EVERY_MS);
    for (let nowMs = 0; nowMs < 60_000; nowMs += LOOK_EVERY_MS) expect(sight.look(nowMs)).toBe(true);
  });

  it('forgives a look that is late by less than half a lease', () => {
    const sight = new OwnSight(LEASE_MS, LOOK_EVERY_MS);
    sight.look(0);
    expect(sight.look(LOOK_EVERY_MS + LEASE_MS / 2)).toBe(true);
  });

  it('gives others a whole lease after it could not look itself', () => {
    const sight = new OwnSight(LEASE_MS, LOOK_EVERY_MS);
    sight.look(0);
    const backAt = 10_000;
    for (let nowMs = backAt; nowMs < backAt + LEASE_MS; nowMs += LOOK_EVERY_MS) expect(sight.look(nowMs)).toBe(false);
    expect(sight.look(backAt + LEASE_MS)).toBe(true);
  });

  it('begins anew when it could not look a second time', () => {
    const sight = new OwnSight(LEASE_MS, LOOK_EVERY_MS);
    sight.look(0);
    expect(sight.look(10_000)).toBe(false);
    expect(sight.look(20_000)).toBe(false);
    for (let nowMs = 21_000; nowMs < 28_000; nowMs += LOOK_EVERY_MS) expect(sight.look(nowMs)).toBe(false);
    expect(sight.look(28_000)).toBe(true);
  });

  it('does not take long pauses between its looks for blindness where they are as configured', () => {
    const sight = new OwnSight(LEASE_MS, 60_000);
    sight.look(0);
    expect(sight.look(61_000)).toBe(true);
  });
});
