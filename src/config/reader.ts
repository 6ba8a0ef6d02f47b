/** One unusable variable. The message never holds the value, which may be a secret. */
export interface EnvironmentFault {
  readonly variable: string;
  readonly message: string;
}

export type Source = Readonly<Record<string, string | undefined>>;

/** Reads variables, and gathers every fault that it finds. */
export class Reader {
  readonly faults: EnvironmentFault[] = [];

  constructor(private readonly source: Source) {}

  text(name: string): string | null {
    const value = this.source[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  fault(variable: string, message: string): void {
    this.faults.push({ variable, message });
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === null) return fallback;
    const parsed = /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
    if (parsed >= min && parsed <= max) return parsed;
    this.fault(name, `must be a whole number from ${min} to ${max}, for example ${name}=${fallback}.`);
    return fallback;
  }

  choice<T extends string>(name: string, choices: readonly [T, ...T[]]): T {
    const value = this.text(name);
    if (value === null) return choices[0];
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    this.fault(name, `must be one of ${choices.join(', ')}, for example ${name}=${choices[0]}.`);
    return choices[0];
  }

  url(name: string, schemes: readonly string[], example: string): string | null {
    const value = this.text(name);
    if (value === null) return null;
    if (schemes.some((scheme) => value.startsWith(`${scheme}://`)) && URL.canParse(value)) return value;
    this.fault(
      name,
      `must be a URL starting with ${schemes.map((s) => `${s}://`).join(' or ')}, for example ${example}.`,
    );
    return null;
  }
}
