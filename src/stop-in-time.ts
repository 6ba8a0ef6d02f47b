/** Longer than any orderly stop takes, shorter than the 30 s after which most supervisors kill. */
const LIMIT_MS = 25_000;

/**
 * Stopping is orderly, and every part of it is bounded; should one hang all the same, the process must not: whatever it was
 * doing is safe, since a lease runs out and the outbox rings again.
 */
export function stopInTime(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      setTimeout(() => {
        process.stderr.write(
          `assay: stopping took longer than ${LIMIT_MS / 1_000} s: ended without waiting further.\n`,
        );
        process.exit(1);
      }, LIMIT_MS).unref();
    });
  }
}
