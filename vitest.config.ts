import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from './test/support/closing-line-reporter.js';

/**
 * One project for each part of the suite and each backend it is run on, in this order. `npm test` prepares what they need;
 * with MariaDB, PostgreSQL and Redis on their standard ports, `npx vitest run --project 'unit'` works alone as well.
 */

const mysqlUrl = process.env['TEST_MYSQL_URL'] ?? 'mariadb://root@127.0.0.1:3306/assay_test';
const postgresUrl = process.env['TEST_POSTGRES_URL'] ?? 'postgres://postgres@127.0.0.1:5432/assay_test';

/**
 * Column types are chosen from DATABASE_URL when an entity is loaded, so each project has a URL of its dialect from the
 * start. Tests connect to databases of their own (test/support/temporary-database.ts), never to this one.
 */
const urlByDatabase = { sqlite: 'sqlite::memory:', mariadb: mysqlUrl, postgres: postgresUrl } as const;
type Database = keyof typeof urlByDatabase;

interface Part {
  readonly name: string;
  readonly folder: string;
  readonly database: Database;
  readonly env?: Readonly<Record<string, string>>;
  readonly testTimeoutMs: number;
  /** What is not about this backend, or would take minutes to say of it what was said of another. */
  readonly exclude?: readonly string[];
}

const SECONDS = 1_000;

const parts: readonly Part[] = [
  { name: 'unit', folder: 'unit', database: 'sqlite', testTimeoutMs: 5 * SECONDS },
  { name: 'contract', folder: 'contract', database: 'sqlite', testTimeoutMs: 60 * SECONDS },
  ...(['sqlite', 'mariadb', 'postgres'] as const).map((database) => ({
    name: `integration-${database}`,
    folder: 'integration',
    database,
    env: { TEST_DATABASE: database },
    testTimeoutMs: 60 * SECONDS,
    exclude: database === 'sqlite' ? [] : ['test/integration/sqlite-writer.spec.ts'],
  })),
  ...(['sqlite', 'mariadb'] as const).map((database) => ({
    name: `e2e-${database}`,
    folder: 'e2e',
    database,
    env: { E2E_BACKEND: database, TEST_DATABASE: database },
    testTimeoutMs: 60 * SECONDS,
    // The course is proved once: what its solutions get does not depend on where Assay keeps it.
    exclude: database === 'sqlite' ? [] : ['test/e2e/demo-course-proof.e2e.spec.ts'],
  })),
];

export default defineConfig({
  test: {
    reporters: ['default', new ClosingLineReporter()],
    // A run without tests is a mistake in the command, or in the file names.
    passWithNoTests: false,
    // The gate must not fall to one unlucky moment of a shared machine among thousands of tests with real processes; the run
    // ends with the names of those that needed it. A developer sees every failure.
    retry: process.env['CI'] === 'true' ? 1 : 0,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'migrations/**/*.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      reportsDirectory: 'coverage',
      reportOnFailure: true,
    },
    projects: parts.map((part, index) => ({
      extends: true,
      test: {
        name: part.name,
        include: [`test/${part.folder}/**/*.spec.ts`],
        exclude: [...(part.exclude ?? [])],
        environment: 'node',
        // Native modules, signals and process.env belong to a process, not to a thread.
        pool: 'forks',
        // Vitest leaves a core to the editor. These tests wait more than they compute: two at a time on the smallest machine.
        maxWorkers: Math.max(2, availableParallelism()),
        testTimeout: part.testTimeoutMs,
        hookTimeout: 120 * SECONDS,
        sequence: { groupOrder: index },
        env: { NODE_ENV: 'test', DATABASE_URL: urlByDatabase[part.database], ...part.env },
      },
    })),
  },
});
