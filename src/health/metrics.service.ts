import { Injectable } from '@nestjs/common';
import { Registry } from 'prom-client';
import { AccessTokenVerifier } from '../auth/access-token-verifier.js';
import { DomainError } from '../errors/domain-error.js';

/** What is looked at to decide who asks. */
export interface MetricsRequest {
  /** The peer of the connection. */
  readonly ip: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
/** A proxy on the same machine comes from the loopback as well; these say that it speaks for somebody else. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

/** True for a program on this machine that asks by itself. */
export function isLocal({ ip, headers }: MetricsRequest): boolean {
  return LOOPBACK.test(ip) && FORWARDED.every((name) => headers[name] === undefined);
}

/** Hands out the metrics of this process: to programs on the same machine, and to administrators. */
@Injectable()
export class MetricsService {
  constructor(
    private readonly registry: Registry,
    private readonly tokens: AccessTokenVerifier,
  ) {}

  async read(request: MetricsRequest): Promise<string> {
    if (!isLocal(request)) await this.requireAdministrator(request);
    return this.registry.metrics();
  }

  private async requireAdministrator({ headers }: MetricsRequest): Promise<void> {
    const { authorization } = headers;
    const token = typeof authorization === 'string' ? /^bearer (\S+)$/i.exec(authorization)?.[1] : undefined;
    const principal = token === undefined ? null : await this.tokens.verify(token);
    if (principal === null) {
      throw new DomainError(
        'unauthenticated',
        'unauthenticated',
        'Sign in as an administrator, or ask from the same host.',
      );
    }
    if (principal.role !== 'admin') throw new DomainError('forbidden', 'forbidden', 'Only for administrators.');
  }
}
