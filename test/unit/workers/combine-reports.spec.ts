import { describe, expect, it } from 'vitest';
import { combineReports } from '../../../src/workers/combine-reports.js';
import type { ReportedRuntime, WorkerReport } from '../../../src/workers/worker-report.js';

const runtime = (key: string, version: string | null): ReportedRuntime => ({
  key,
  title: key,
  version,
  available: version !== null,
  reason: version === null ? 'It is not installed.' : null,
});

const report = (
  runtimes: readonly ReportedRuntime[],
  holds: WorkerReport['sandbox']['holds'] = {},
  driver = 'bubblewrap',
): WorkerReport => ({ runtimes, services: [], sandbox: { driver, holds } });

describe('the reports of several workers', () => {
  it('come to nothing where there are none, and to itself where there is one', () => {
    expect(combineReports([])).toBeNull();
    const only = report([runtime('python', '3.11.2')], { network: true, memory: 'tree' });
    expect(combineReports([only])).toEqual(only);
  });

  it('have a language when any worker has it, as the worker tells that started last', () => {
    const combined = combineReports([
      report([runtime('python', '3.12.0'), runtime('java', null)]),
      report([runtime('python', '3.11.2'), runtime('java', '17.0.9')]),
    ]);
    expect(combined?.runtimes).toEqual([runtime('python', '3.12.0'), runtime('java', '17.0.9')]);
  });

  it('have a service when any worker has it, also beside one that is too old to know of any', () => {
    const { services: _none, ...old } = report([]);
    const combined = combineReports([
      old,
      { ...report([]), services: [runtime('redis', null)] },
      { ...report([]), services: [runtime('redis', '7.0.15')] },
    ]);
    expect(combined?.services).toEqual([runtime('redis', '7.0.15')]);
  });

  it('hold what all hold in the same way: the weakest counts, and what differs is left out', () => {
    const python = [runtime('python', '3.11.2')];
    const combined = combineReports([
      report(python, { network: true, memory: 'tree', cgroup: 'v2', ownUser: true }),
      report(python, { network: false, memory: 'process', cgroup: 'v2' }, 'oci'),
    ]);
    expect(combined?.sandbox).toEqual({ driver: 'bubblewrap, oci', holds: { network: false, cgroup: 'v2' } });
  });

  it('hold what workers with a sandbox hold: one without runs nothing', () => {
    const combined = combineReports([
      report([runtime('python', null)], { network: false }, 'none'),
      report([runtime('python', '3.11.2')], { network: true }),
    ]);
    expect(combined).toMatchObject({
      runtimes: [{ key: 'python', available: true }],
      sandbox: { driver: 'bubblewrap', holds: { network: true } },
    });
  });
});
