/**
 * @typedef {object} Arrival
 * @property {number} atMs after the start of the load
 * @property {number} person index of who hands in
 * @property {string} program name of what is handed in
 * @property {'json' | 'multipart'} form
 * @property {boolean} hasKey whether the client sends an `Idempotency-Key`, and may therefore ask again
 */

/** Programs by how often they are handed in: most are short, as in a class. */
const MIX = [
  ['right', 8],
  ['wrong', 4],
  ['slow', 4],
  ['crashing', 2],
  ['many', 2],
];

/** One in so many comes as a form, one in so many from a client that knows no `Idempotency-Key`. */
const FORM_EVERY = 3;
const KEYLESS_EVERY = 6;

/**
 * When what arrives, decided before anything is sent: an open load. Whether answers come late, or not at all, changes nothing
 * in it, as with people who do not know of each other. The gaps are those of a Poisson process.
 *
 * @param {{ random: () => number, perSecond: number, durationMs: number, people: number }} plan
 * @returns {Arrival[]} by time
 */
export function planArrivals({ random, perSecond, durationMs, people }) {
  const lots = MIX.flatMap(([program, weight]) => Array.from({ length: weight }, () => program));
  const arrivals = [];
  let atMs = 0;
  for (;;) {
    atMs += (-Math.log(1 - random()) * 1_000) / perSecond;
    if (atMs >= durationMs) return arrivals;
    arrivals.push({
      atMs,
      person: Math.floor(random() * people),
      program: lots[Math.floor(random() * lots.length)],
      form: random() < 1 / FORM_EVERY ? 'multipart' : 'json',
      hasKey: random() >= 1 / KEYLESS_EVERY,
    });
  }
}
