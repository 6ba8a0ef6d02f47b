import { Injectable } from '@nestjs/common';

export interface CheckResult {
  readonly isUp: boolean;
  /** For operators: what is wrong and what to do, or what is so. Never holds a secret, an address or a path. */
  readonly detail: string;
  /** Single words that name what is wrong, for anyone to read. */
  readonly failing?: readonly string[];
}

export interface ReadinessCheck {
  /** Such as `grading`; one word. */
  readonly name: string;
  /** False: reported, but the process is ready all the same. */
  readonly isEssential: boolean;
  /** May reject: that counts as down. */
  check(): Promise<CheckResult>;
}

/**
 * Where the parts of a process say what they need to be ready. The health routes read it; so they need to know no part, and
 * a part no health route.
 */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();

  add(check: ReadinessCheck): void {
    this.checks.set(check.name, check);
  }

  list(): readonly ReadinessCheck[] {
    return [...this.checks.values()];
  }
}
