import type { Runtime } from '../runtimes.js';
import type { SandboxCapabilities } from '../sandbox.js';
import type { ProbeResult, SelfTestReport } from './self-test.js';

/** Everything that `npm run sandbox:check` has found out. */
export interface CheckedMachine {
  readonly capabilities: SandboxCapabilities;
  readonly runtimes: readonly Pick<Runtime, 'key' | 'title' | 'version' | 'available' | 'reason'>[];
  readonly selfTest: SelfTestReport;
}

const MEMORY: Readonly<Record<SandboxCapabilities['memory'], string>> = {
  tree: 'memory limited for all processes together',
  process: 'memory limited for each process alone',
  none: 'memory not limited',
};

/** What holds on a machine, as a table for people. Ends with a line feed. */
export function renderReport({ capabilities, runtimes, selfTest }: CheckedMachine): string {
  const width = Math.max(...selfTest.probes.map(({ name }) => name.length));
  return [
    `Sandbox:   ${describeSandbox(capabilities)}`,
    `Runtimes:  ${listed(
      runtimes.filter(({ available }) => available).map(({ title, version }) => `${title} ${version ?? ''}`.trim()),
    )}`,
    ...runtimes
      .filter(({ available }) => !available)
      .map(({ title, reason }) => `  not here: ${title}. ${reason ?? ''}`),
    ...capabilities.warnings.map((warning) => `  weakness: ${warning}`),
    '',
    ...selfTest.probes.flatMap((probe) => linesOf(probe, width)),
    ...untriedLines(selfTest.probes),
    '',
    conclusion(selfTest),
    '',
  ].join('\n');
}

function describeSandbox({ driver, usable, cgroup, memory, seccomp, uidDrop }: SandboxCapabilities): string {
  if (!usable) return 'none that can be used';
  return listed([
    driver,
    cgroup === 'none' ? 'no cgroups' : `cgroup ${cgroup}`,
    MEMORY[memory],
    seccomp ? 'system-call filter' : 'no system-call filter',
    uidDrop ? 'programs run as users of their own' : 'programs run as the user of the worker',
  ]);
}

const listed = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(', '));

/** `weak`: it does not hold, and the worker grades all the same. */
function markOf({ holds, essential }: ProbeResult): string {
  if (holds === 'yes') return 'yes ';
  return essential ? 'NO  ' : 'weak';
}

function linesOf(probe: ProbeResult, width: number): readonly string[] {
  const { name, promise, holds, detail, cure } = probe;
  if (holds === 'not-run') return [];
  const indent = ' '.repeat(width + 7);
  const begin = `${markOf(probe)} ${name.padEnd(width)}  ${promise}`;
  if (holds === 'yes') return [`${begin} (${detail})`];
  return [begin, `${indent}seen: ${detail}`, ...(cure === null ? [] : [`${indent}cure: ${cure}`])];
}

/** One line for each reason why some were not tried. */
function untriedLines(probes: readonly ProbeResult[]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { name, holds, detail, cure } of probes) {
    if (holds !== 'not-run') continue;
    const reason = cure === null ? detail : `${detail}: ${cure}`;
    byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  }
  return [...byReason].map(([reason, names]) => `-    not tried, because ${reason}: ${names.join(', ')}`);
}

function conclusion({ probes, passed, durationMs }: SelfTestReport): string {
  const essential = probes.filter((probe) => probe.essential);
  const broken = essential.filter(({ holds }) => holds === 'no');
  const missed = probes.filter(({ holds }) => holds === 'not-run').length;
  const tail = missed === 0 ? '' : ` ${missed} could not be tried.`;
  const seconds = `${(durationMs / 1000).toFixed(1)} s`;
  return passed
    ? `Student programs may be run here: all ${essential.length - missed} essential promises that were tried hold (${seconds}).${tail}`
    : `Student programs must not be run here: ${listed(broken.map(({ name }) => name))} (${seconds}).${tail} A worker on this machine takes no work.`;
}
