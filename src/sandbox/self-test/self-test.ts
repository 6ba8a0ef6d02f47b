import { randomBytes } from 'node:crypto';

import { detectRuntimes } from '../runtimes.js';
import type { RunOutcome } from '../run-outcome.js';
import type { Sandbox, SandboxCapabilities, SandboxStep } from '../sandbox.js';
import { ObservedHost } from './host-view.js';
import { LIMIT_PROBES } from './limit-probes.js';
import { broken, type Experiment, type Holds, type Judgement, type Probe, PROBER_FILE, unknown } from './probe.js';
import { readProber } from './prober-program.js';
import { RESIDUE_PROBES } from './residue-probes.js';
import { SYSTEM_CALL_PROBES } from './system-call-probes.js';
import { VIEW_PROBES } from './view-probes.js';

/** One line of the report. */
export interface ProbeResult {
  readonly name: string;
  readonly promise: string;
  readonly holds: Holds;
  /** True: without it no program may be run here. */
  readonly essential: boolean;
  readonly detail: string;
  /** What to do; null where there is nothing to do. */
  readonly cure: string | null;
}

/** What holds on this machine, found by hostile programs. */
export interface SelfTestReport {
  readonly driver: string;
  /** Every essential probe holds, or could not be run for want of a tool. */
  readonly passed: boolean;
  readonly durationMs: number;
  readonly probes: readonly ProbeResult[];
}

export interface SelfTestOptions {
  /** The native prober; the built one when not given, null to do without. */
  readonly prober?: Buffer | null;
  /** Told after each experiment how many of how many are over. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Ends the self-test early; what was not tried is `not-run`, and the report not passed. */
  readonly signal?: AbortSignal;
}

/** Sessions at a time: two for each of two cores, as half of the experiments only wait. */
const AT_A_TIME = 4;

/** No experiment takes longer, however stuck the machine is: a step's own time limits are far below. */
const PATIENCE_MS = 30_000;

const WITHOUT_PROBER = 'the prober was not built';
const PROBER_CURE = 'apt-get install gcc libc6-dev, then npm run build';

const PROBES: readonly Probe[] = [...VIEW_PROBES, ...SYSTEM_CALL_PROBES, ...LIMIT_PROBES, ...RESIDUE_PROBES];

/** What one experiment came to: what was seen, or why nothing was. */
type Trial =
  | { readonly outcomes: readonly RunOutcome[]; readonly survivors: number }
  | { readonly failure: string }
  | { readonly skipped: string };

/** A promise about all experiments together. */
const NOTHING_SURVIVES = {
  name: 'nothingSurvives',
  promise: 'No process of a program is left on the host, however it ended',
  essential: true,
  cure: 'Do not grade on this machine until it holds: update the kernel, bubblewrap and Assay, and report it.',
} as const;

/** A promise that needs no experiment: the first thing that can fail. */
const STARTS = {
  name: 'starts',
  promise: 'Programs can be run in a sandbox at all',
  essential: true,
} as const;

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

/**
 * Runs hostile programs in `sandbox` and reports what held them. Uses nothing but the port, so that it serves every driver.
 * Takes some seconds at most; programs that are ended for a limit are its normal case, and leave nothing.
 *
 * Never rejects for anything that the sandbox does. What is essential and fails is tried once more, alone: on a machine that is short of
 * breath, a program may miss its time for another reason than the sandbox.
 */
export async function runSelfTest(sandbox: Sandbox, options: SelfTestOptions = {}): Promise<SelfTestReport> {
  const startedAt = performance.now();
  const capabilities = await sandbox.probe();
  if (!capabilities.usable) return unusableReport(capabilities, startedAt);
  const host = await ObservedHost.observe();
  try {
    return await new SelfTest(sandbox, capabilities, host, options).run(startedAt);
  } finally {
    host.close();
  }
}

/** What the report says to whoever asks for booleans: by name; what could not be run is left out. */
export function holdsByName(report: SelfTestReport): Readonly<Record<string, boolean>> {
  return Object.fromEntries(
    report.probes.filter(({ holds }) => holds !== 'not-run').map(({ name, holds }) => [name, holds === 'yes']),
  );
}

/** What does not hold; the essential ones keep a worker from grading. */
export function brokenProbes(report: SelfTestReport): readonly ProbeResult[] {
  return report.probes.filter(({ holds }) => holds === 'no');
}

function unusableReport({ driver, reason }: SandboxCapabilities, startedAt: number): SelfTestReport {
  const starts: ProbeResult = { ...STARTS, holds: 'no', detail: reason ?? 'unknown', cure: 'See docs/sandbox.md.' };
  const others = [...PROBES, NOTHING_SURVIVES].map(({ name, promise, essential }): ProbeResult => {
    const isEssential = essential === true;
    return { name, promise, essential: isEssential, holds: 'not-run', detail: 'there is no sandbox', cure: null };
  });
  const durationMs = performance.now() - startedAt;
  return { driver, passed: false, durationMs, probes: [starts, ...others] };
}

class SelfTest {
  private readonly prober: Buffer | null;
  private readonly trials = new Map<Experiment, Trial>();

  constructor(
    private readonly sandbox: Sandbox,
    private readonly capabilities: SandboxCapabilities,
    private readonly host: ObservedHost,
    private readonly options: SelfTestOptions,
  ) {
    this.prober = options.prober === undefined ? readProber() : options.prober;
  }

  async run(startedAt: number): Promise<SelfTestReport> {
    const experiments = [...new Set(PROBES.flatMap(({ experiment }) => experiment ?? []))];
    const runtime = (await detectRuntimes()).find(({ available }) => available)?.key ?? 'bash';
    const queue = [...experiments];
    let done = 0;
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        this.trials.set(next, await this.tryOut(next, runtime));
        done += 1;
        this.options.onProgress?.(done, experiments.length);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    for (const failed of experiments.filter((experiment) => this.isBroken(experiment))) {
      this.trials.set(failed, await this.tryOut(failed, runtime));
    }
    const probes = this.results();
    return {
      driver: this.capabilities.driver,
      // An interrupted self-test has proved nothing.
      passed:
        this.options.signal?.aborted !== true && probes.every(({ holds, essential }) => !essential || holds !== 'no'),
      durationMs: performance.now() - startedAt,
      probes,
    };
  }

  private async tryOut(experiment: Experiment, runtime: string): Promise<Trial> {
    if (this.options.signal?.aborted === true) return { skipped: 'the self-test was interrupted' };
    const { needsProber = false } = experiment;
    if (needsProber && this.prober === null) return { skipped: WITHOUT_PROBER };
    try {
      const session = await this.sandbox.open({ runtime, network: 'none' });
      try {
        if (needsProber && this.prober !== null) {
          await session.put([{ path: PROBER_FILE, content: this.prober, executable: true }]);
        }
        // An argument that no program looks at, by which its processes are found on the host.
        const mark = `assay-self-test-${randomBytes(8).toString('hex')}`;
        const signals = [AbortSignal.timeout(PATIENCE_MS), ...(this.options.signal ? [this.options.signal] : [])];
        const signal = AbortSignal.any(signals);
        const outcomes: RunOutcome[] = [];
        for (const { argv, limits } of experiment.steps(this.host.view)) {
          const step: SandboxStep = { argv: [...argv, mark], stdin: Buffer.alloc(0), environment: {}, limits, signal };
          const outcome = await session.run(step);
          if (outcome.kind === 'sandbox_failure') {
            return { failure: `the sandbox failed: ${outcome.reason ?? 'no reason'}` };
          }
          outcomes.push(outcome);
        }
        return { outcomes, survivors: this.host.countProcesses(mark) };
      } finally {
        await session.close();
      }
    } catch (error) {
      return { failure: messageOf(error) };
    }
  }

  /** Only what keeps a worker from grading is worth the time of a second try. */
  private isBroken(experiment: Experiment): boolean {
    const trial = this.trials.get(experiment);
    if (trial !== undefined && 'survivors' in trial && trial.survivors > 0) return true;
    return PROBES.some(
      (probe) => probe.experiment === experiment && this.isEssential(probe) && this.judge(probe).holds === 'no',
    );
  }

  private isEssential({ essential }: Probe): boolean {
    return typeof essential === 'function' ? essential(this.capabilities) : essential;
  }

  private judge(probe: Probe): Judgement {
    const { host, capabilities } = this;
    if (probe.experiment === null) return probe.judge({ outcomes: [], host: host.view, capabilities });
    const trial = this.trials.get(probe.experiment);
    if (trial === undefined) return unknown('it was not tried');
    if ('skipped' in trial) return unknown(trial.skipped);
    if ('failure' in trial) return broken(trial.failure);
    return probe.judge({ outcomes: trial.outcomes, host: host.view, capabilities });
  }

  private results(): readonly ProbeResult[] {
    const own = PROBES.map((probe): ProbeResult => {
      const { name, promise } = probe;
      const { holds, detail } = this.judge(probe);
      const cures: Readonly<Record<Holds, string | null>> = {
        yes: null,
        no: probe.cure,
        'not-run': detail === WITHOUT_PROBER ? PROBER_CURE : null,
      };
      return { name, promise, holds, essential: this.isEssential(probe), detail, cure: cures[holds] };
    });
    return [this.started(), ...own, this.survived()];
  }

  private started(): ProbeResult {
    const failures = [...this.trials.values()].flatMap((trial) => ('failure' in trial ? [trial.failure] : []));
    const hasRun = failures.length < this.trials.size;
    return {
      ...STARTS,
      holds: hasRun ? 'yes' : 'no',
      detail: hasRun ? this.capabilities.driver : (failures[0] ?? 'nothing was tried'),
      cure: hasRun ? null : 'See docs/sandbox.md.',
    };
  }

  private survived(): ProbeResult {
    const seen = [...this.trials].flatMap(([{ name }, trial]) => ('survivors' in trial ? [{ name, ...trial }] : []));
    const left = seen.filter(({ survivors }) => survivors > 0);
    if (seen.length === 0) return { ...NOTHING_SURVIVES, holds: 'not-run', detail: 'nothing was tried', cure: null };
    return left.length === 0
      ? { ...NOTHING_SURVIVES, holds: 'yes', detail: `after ${seen.length} experiments`, cure: null }
      : {
          ...NOTHING_SURVIVES,
          holds: 'no',
          detail: `processes are left of: ${left.map(({ name }) => name).join(', ')}`,
        };
  }
}
