interface Sink {
  write(text: string): unknown;
}

/** Types for the tests; what it does stands in `load-packages.mjs`. */
export function loadPackages(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  streams: { stdout: Sink; stderr: Sink },
): Promise<number>;
