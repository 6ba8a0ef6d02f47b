interface Sink {
  write(text: string): unknown;
}

export function importPackages(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  streams: { readonly stdout: Sink; readonly stderr: Sink },
): Promise<number>;
