import type { TestServer } from './test-server.mjs';

/** Types for the tests; what it does stands in `postgres.mjs`. */
export const postgres: TestServer;
