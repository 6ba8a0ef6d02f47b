import { describe, expect, it } from 'vitest';
import { renderReport, type CheckedMachine } from '../../../../src/sandbox/self-test/render-report.js';
import type { ProbeResult } from '../../../../src/sandbox/self-test/self-test.js';
import { FakeSandbox } from '../../../support/fake-sandbox.js';

const probe = (name: string, overrides: Partial<ProbeResult> = {}): ProbeResult => ({
  name,
  promise: `Promise of ${name}`,
  holds: 'yes',
  essential: true,
  detail: 'seen',
  cure: null,
  ...overrides,
});

async function report(probes: readonly ProbeResult[], passed = true): Promise<string> {
  const machine: CheckedMachine = {
    capabilities: {
      ...(await new FakeSandbox().probe()),
      driver: 'bubblewrap',
      memory: 'process',
      cgroup: 'none',
      warnings: ['memory is limited for each process alone'],
    },
    runtimes: [
      { key: 'python', title: 'Python', version: '3.11.2', available: true, reason: null },
      { key: 'java', title: 'Java', version: null, available: false, reason: 'apt-get install default-jdk-headless' },
    ],
    selfTest: { driver: 'bubblewrap', passed, durationMs: 1_234, probes },
  };
  return renderReport(machine);
}

describe('the table of sandbox:check', () => {
  it('names the sandbox, the runtimes, and what to install', async () => {
    const text = await report([probe('files')]);
    expect(text).toContain('bubblewrap, no cgroups, memory limited for each process alone');
    expect(text).toContain('Python 3.11.2\n');
    expect(text).toContain('not here: Java. apt-get install default-jdk-headless');
    expect(text).toContain('weakness: memory is limited for each process alone');
  });

  it('tells what holds, what is weak and what is missing, each with its cure', async () => {
    const text = await report(
      [
        probe('files'),
        probe('memory', { holds: 'no', essential: false, detail: 'it was not', cure: 'Delegate.' }),
        probe('network', { holds: 'no', detail: 'the host was reached', cure: 'Do not.' }),
      ],
      false,
    );
    const lines = text.split('\n');
    expect(lines).toContain('yes  files    Promise of files (seen)');
    expect(lines).toContain('weak memory   Promise of memory');
    expect(lines).toContain('NO   network  Promise of network');
    expect(lines).toContain('              seen: the host was reached');
    expect(lines).toContain('              cure: Delegate.');
    expect(lines.at(-2)).toMatch(/^Student programs must not be run here: network \(1\.2 s\)/);
  });

  it('puts what was not tried together, by its reason', async () => {
    const untried = { holds: 'not-run', detail: 'the prober was not built', cure: 'apt-get install gcc' } as const;
    const text = await report([probe('files'), probe('calls', untried), probe('sockets', untried)]);
    expect(text).toContain('-    not tried, because the prober was not built: apt-get install gcc: calls, sockets');
    expect(text).toMatch(/may be run here: all 1 essential promises that were tried hold .* 2 could not be tried\./);
  });
});
