import type { ReportedRuntime, WorkerReport } from './worker-report.js';

/**
 * What an installation can do, of what its workers can: a language or a service is there when any worker has it, as the first of them
 * tells it. Of what sandboxes hold back only that counts which all of them hold in the same way: nobody can say which worker
 * a submission will meet. Null where there are no reports.
 *
 * @param reports of the worker that started last first
 */
export function combineReports(reports: readonly WorkerReport[]): WorkerReport | null {
  const [first] = reports;
  if (first === undefined) return null;
  // A worker without a sandbox runs nothing, so what it holds says nothing, unless there is no other.
  const usable = reports.filter(({ runtimes: found }) => found.some(({ available }) => available));
  const judged = usable.length > 0 ? usable : reports;
  const holds = judged.map(({ sandbox }) => sandbox.holds);
  const names = [...new Set(holds.flatMap((one) => Object.keys(one)))];
  return {
    runtimes: firstAvailable(reports.flatMap((report) => report.runtimes)),
    services: firstAvailable(reports.flatMap((report) => report.services ?? [])),
    sandbox: {
      driver: [...new Set(judged.map(({ sandbox }) => sandbox.driver))].toSorted().join(', '),
      holds: Object.fromEntries(
        names.flatMap((name): [string, string | boolean][] => {
          const values = new Set(holds.map((one) => one[name]));
          const [value] = values;
          if (values.has(false)) return [[name, false]];
          return values.size === 1 && value !== undefined ? [[name, value]] : [];
        }),
      ),
    },
  };
}

/** Each key once: as it is told first by a worker that has it, else as it is told first. */
function firstAvailable(all: readonly ReportedRuntime[]): readonly ReportedRuntime[] {
  const found = new Map<string, ReportedRuntime>();
  for (const one of all) {
    const known = found.get(one.key);
    if (known === undefined || (!known.available && one.available)) found.set(one.key, one);
  }
  return [...found.values()];
}
