import { loadEnvironment } from './config/env.js';
import { endWithReason } from './end-with-reason.js';
import { DomainError } from './errors/domain-error.js';
import { BubblewrapSandbox } from './sandbox/bubblewrap-sandbox.js';
import { detectRuntimes } from './sandbox/runtimes.js';
import { renderReport } from './sandbox/self-test/render-report.js';
import { runSelfTest } from './sandbox/self-test/self-test.js';

/**
 * Tells what the sandbox holds on this machine, as a worker with the same environment and user would find it. Exits with 0 when
 * every essential promise holds, else with 1. `--json`: one JSON document on standard output, for machines.
 */
async function main(): Promise<void> {
  const asJson = process.argv.includes('--json');
  const unknown = process.argv.slice(2).find((argument) => argument !== '--json');
  if (unknown !== undefined) {
    throw new DomainError(
      'invalid',
      'unknown_option',
      `There is no option "${unknown}". Use: npm run sandbox:check, or npm run sandbox:check -- --json`,
    );
  }
  const { sandbox: driver, sandboxRuntime, sandboxRuntimeArguments, toolboxFolder } = loadEnvironment();
  const sandbox = new BubblewrapSandbox({
    driver,
    oci: { runtime: sandboxRuntime, arguments: sandboxRuntimeArguments },
    toolbox: toolboxFolder,
    concurrency: 1,
  });
  // The table goes where it may be kept; what is only for whoever waits goes beside it.
  const { stderr } = process;
  stderr.write('Running hostile programs in the sandbox …\n');
  try {
    const capabilities = await sandbox.probe();
    const selfTest = await runSelfTest(sandbox, {
      onProgress: (done, total) => {
        if (stderr.isTTY) stderr.write(`\r\x1b[2K${done} of ${total} experiments${done === total ? '\n' : ''}`);
      },
    });
    const runtimes = (await detectRuntimes()).map(({ key, title, version, available, reason }) => ({
      key,
      title,
      version,
      available,
      reason,
    }));
    const machine = { capabilities, runtimes, selfTest };
    process.stdout.write(asJson ? `${JSON.stringify(machine, null, 2)}\n` : `\n${renderReport(machine)}`);
    process.exitCode = selfTest.passed ? 0 : 1;
  } finally {
    await sandbox.shutDown();
  }
}

main().catch(endWithReason);
