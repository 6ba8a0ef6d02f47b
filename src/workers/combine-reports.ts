import type { ReportedRuntime, WorkerReport } from './worker-report.js';

/**
 * What an installation can do, of what its workers can: a language is there when any worker has it, as the first of them
 * tells it. Of what sandboxes hold back only that counts which all of them hold in the same way: nobody can say which worker
 * a submission will meet. Null where there are no reports.
 *
 * @param reports of the worker that started last first
 */
export function combineReports(reports: readonly WorkerReport[]): WorkerReport | null {
  const [first] = reports;
  if (first === undefined) return null;
  const runtimes = new Map<string, ReportedRuntime>();
  for (const runtime of reports.flatMap((report) => report.runtimes)) {
    const known = runtimes.get(runtime.key);
    if (known === undefined || (!known.available && runtime.available)) runtimes.set(runtime.key, runtime);
  }
  // A worker without a sandbox runs nothing, so what it holds says nothing, unless there is no other.
  const usable = reports.filter(({ runtimes: found }) => found.some(({ available }) => available));
  const judged = usable.length > 0 ? usable : reports;
  const holds = judged.map(({ sandbox }) => sandbox.holds);
  const names = [...new Set(holds.flatMap((one) => Object.keys(one)))];
  return {
    runtimes: [...runtimes.values()],
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
