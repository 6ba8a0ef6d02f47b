import type { Cleanup } from '../cleanup.mjs';

export interface RunningServer {
  readonly port: number;
  readonly version: string;
}

/** A database server as the tests start it. */
export interface TestServer {
  startPrivate(cleanup: Cleanup): Promise<RunningServer>;
  url(server: RunningServer, database: string): string;
  createDatabase(server: RunningServer, name: string): Promise<unknown>;
}
