/**
 * Random numbers that come out the same for the same seed, so that a run which found something can be run again.
 *
 * @param {number} seed a whole number
 * @returns {() => number} each call gives a number of [0, 1)
 */
export function randomFrom(seed) {
  // Mulberry32: 32 bits of state, good enough to choose instants and programs.
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
