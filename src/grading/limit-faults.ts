import { pointer, type DocumentFault } from './document-fault.js';
import type { GradingLimits } from './grading-document.js';
import { NUMERIC_LIMITS, type LimitCeilings, type NumericLimit } from './limits.js';
import { normaliseLimits, normaliseTestLimits } from './normalise-grading-document.js';
import type { RawGradingDocument } from './raw-grading-document.js';

const UNITS: Readonly<Record<NumericLimit, string>> = {
  timeMs: ' ms',
  wallMs: ' ms',
  memoryMiB: ' MiB',
  processes: '',
  outputKiB: ' KiB',
  diskMiB: ' MiB',
};

/**
 * Limits above what the operator allows, and elapsed times shorter than the CPU time that they are to hold.
 *
 * @param whole the same document, with what groups hand to their tests written into those
 */
export function limitFaults(
  raw: RawGradingDocument,
  whole: RawGradingDocument,
  ceilings: LimitCeilings,
): DocumentFault[] {
  const named = raw.limits ?? {};
  const limits = normaliseLimits(named, ceilings);
  const fromGroups = (raw.groups ?? []).flatMap((group, index) =>
    ceilingFaults(group.limits ?? {}, pointer('groups', index, 'limits'), ceilings),
  );
  return [
    ...buildFaults(raw, ceilings),
    ...faultsOf(named, limits, '/limits', ceilings),
    ...fromGroups,
    // A limit of a group that is too high is told once, and not of each of its tests.
    ...(fromGroups.length === 0 ? whole : raw).tests.flatMap((test, index) => {
      const own = test.limits ?? {};
      const merged = { ...limits, ...normaliseTestLimits(own, limits, ceilings) };
      return faultsOf(own, merged, pointer('tests', index, 'limits'), ceilings);
    }),
  ];
}

function buildFaults({ build }: RawGradingDocument, { buildTimeMs }: LimitCeilings): DocumentFault[] {
  if (build?.timeMs === undefined || buildTimeMs === undefined || build.timeMs <= buildTimeMs) return [];
  return [{ path: '/build/timeMs', message: `is ${build.timeMs} ms: this server allows at most ${buildTimeMs} ms` }];
}

function faultsOf(
  named: Partial<GradingLimits>,
  limits: GradingLimits,
  path: string,
  ceilings: LimitCeilings,
): DocumentFault[] {
  const aboveCeiling = ceilingFaults(named, path, ceilings);
  if (aboveCeiling.length > 0) return aboveCeiling;
  const namesTime = named.timeMs !== undefined || named.wallMs !== undefined;
  if (!namesTime || limits.wallMs >= limits.timeMs) return [];
  const message = `is ${limits.wallMs} ms, less than timeMs (${limits.timeMs} ms): elapsed time must leave room for CPU time`;
  return [{ path: `${path}/wallMs`, message }];
}

/** Limits above what the operator allows. */
export function ceilingFaults(named: Partial<GradingLimits>, path: string, ceilings: LimitCeilings): DocumentFault[] {
  return NUMERIC_LIMITS.flatMap((limit) => {
    const value = named[limit];
    if (value === undefined || value <= ceilings[limit]) return [];
    const message = `is ${value}${UNITS[limit]}: this server allows at most ${ceilings[limit]}${UNITS[limit]}`;
    return [{ path: path + pointer(limit), message }];
  });
}
