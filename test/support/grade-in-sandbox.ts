import { parseEnvironment } from '../../src/config/env.js';
import { parseGradingDocument } from '../../src/grading/parse-grading-document.js';
import { detectRuntimes, RUNTIME_KEYS } from '../../src/sandbox/runtimes.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import type { Services } from '../../src/sandbox/services/services.js';
import type { RunResult } from '../../src/submissions/grading-runs.js';
import { runTests } from '../../src/worker/run-tests.js';
import { SqlServers } from '../../src/worker/sql/sql-servers.js';
import { layOut, needsSystemPackages } from '../../src/worker/submission-materials.js';

const ceilings = parseEnvironment({}).limitCeilings;

const openBeside = () => Promise.reject(new Error('There is no other sandbox here.'));
const refuse = () => Promise.reject(new Error('The test has no checkers.'));
const checkers = { run: refuse, interact: refuse };

/** Grades files by a document in a real sandbox, as a worker does, without a database around it. */
export async function gradeInSandbox(
  sandbox: Sandbox,
  grading: object,
  files: Readonly<Record<string, string>>,
  services: Pick<Services, 'start'> = { start: () => Promise.reject(new Error('There are no services here.')) },
): Promise<RunResult> {
  const parsed = parseGradingDocument(grading, { runtimes: RUNTIME_KEYS, ceilings });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  const { document } = parsed;
  const key = document.runtime ?? '';
  const runtime = (await detectRuntimes()).find((one) => one.key === key);
  if (runtime?.available !== true) throw new Error(`The runtime ${key} is needed: ${runtime?.reason ?? ''}`);
  const submitted = Object.entries(files).map(([path, content]) => ({ path, content: Buffer.from(content) }));
  const laid = layOut(document, submitted);
  const session = await sandbox.open({
    runtime: key,
    network: 'none',
    systemSitePackages: needsSystemPackages(document),
  });
  const { signal } = new AbortController();
  const sqlServers = new SqlServers(sandbox, services, signal);
  try {
    await session.put(laid.submitted);
    await session.put(laid.laidBeside);
    return await runTests(
      { sandbox: session, document, runtime, ...laid, ceilings, checkers, sqlServers, openBeside, signal },
      () => undefined,
    );
  } finally {
    await Promise.all([session.close(), sqlServers.close()]);
  }
}
