import { defineConfig } from 'vitest/config';
import { ClosingLineReporter } from '../support/closing-line-reporter.js';

/**
 * What `npm run test:cgroup-v2` runs on a kernel with cgroup v2: its own tests, and the contract of the sandbox.
 * The suites find the cgroups of the machine by themselves.
 */
export default defineConfig({
  test: {
    name: 'cgroup-v2',
    include: ['test/cgroup-v2/*.spec.ts', 'test/contract/sandbox*.spec.ts', 'test/contract/supervisor*.spec.ts'],
    exclude: [
      // Containers join the same cgroups by the same supervisor: the suite of the sandbox tries theirs, with fewer programs.
      'test/contract/sandbox-programs-containers.spec.ts',
      // The self-test allows each of its programs 2 s of CPU time, which is too little for 65,536 files in a user-mode kernel;
      // and what tries a worker's recovery waits for the self-test.
      'test/contract/sandbox-self-test.spec.ts',
      'test/contract/sandbox-faults.spec.ts',
      // What an interpreter and its copy do alike has nothing to do with cgroups; their limits are tried.
      'test/contract/sandbox-fork-server.spec.ts',
      'test/contract/sandbox-fork-programs.spec.ts',
      'test/contract/sandbox-fork-leaks.spec.ts',
    ],
    // Each test as it ends: a file can take minutes.
    reporters: ['verbose', new ClosingLineReporter()],
    passWithNoTests: false,
    pool: 'forks',
    // The kernel inside has one core.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    env: { NODE_ENV: 'test', DATABASE_URL: 'sqlite::memory:' },
  },
});
