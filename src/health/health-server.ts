import { createServer, type Server, type ServerResponse } from 'node:http';
import { Logger } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { DomainError } from '../errors/domain-error.js';
import type { ReadinessReport } from './readiness-report.js';

interface Sources {
  readonly report: ReadinessReport;
  readonly registry: Registry;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});

type Route = (sources: Sources) => Promise<Answer>;

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/health/live', () => Promise.resolve(json(200, { status: 'live' }))],
  [
    '/health/ready',
    async ({ report }) => {
      const { isReady, checks } = await report.read();
      const told = checks.map(({ name, isUp, isEssential, detail }) => ({
        name,
        up: isUp,
        essential: isEssential,
        detail,
      }));
      return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'not_ready', checks: told });
    },
  ],
  [
    '/metrics',
    async ({ registry }) => ({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      body: await registry.metrics(),
    }),
  ],
]);

/**
 * A worker's own health and metrics, on a port that only operators should reach: it answers whoever asks, and tells reasons
 * that the API keeps to its log.
 */
export class HealthServer {
  private readonly logger = new Logger(HealthServer.name);
  private readonly server: Server;

  constructor(private readonly sources: Sources) {
    this.server = createServer(
      { headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000 },
      (request, response) => {
        this.answer(request.method ?? '', request.url?.split('?', 1)[0] ?? '', response).catch((error: unknown) => {
          this.logger.error({ err: error }, 'A health request failed');
          response.destroy();
        });
      },
    );
  }

  /**
   * Resolves to the port once it listens.
   *
   * @throws DomainError when the port cannot be had
   */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) => reject(portRefused(port, error)));
      this.server.listen(port, host, resolve);
    });
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async answer(method: string, path: string, response: ServerResponse): Promise<void> {
    const route = ROUTES.get(path);
    const isRead = method === 'GET' || method === 'HEAD';
    const { status, type, body } =
      route !== undefined && isRead ? await route(this.sources) : json(route === undefined ? 404 : 405, {});
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(body),
    });
    response.end(method === 'HEAD' ? '' : body);
  }
}

function portRefused(port: number, cause: Error): DomainError {
  const text = `WORKER_HEALTH_PORT ${port} cannot be listened on: end the program that uses it, or choose another, for example WORKER_HEALTH_PORT=3001.`;
  return new DomainError('unavailable', 'port_in_use', text, { cause });
}
