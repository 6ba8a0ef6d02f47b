import type { TestServer } from './test-server.mjs';

/** Types for the tests; what it does stands in `mariadb.mjs`. */
export const mariadb: TestServer;
