import { BubblewrapSession } from './bubblewrap-session.js';
import { explainContainerComplaint } from './oci/oci-complaint.js';
import {
  explainComplaint,
  failureOf,
  findLeaks,
  isProcRefused,
  LOOK_AROUND,
  looksLikeRoot,
  PROBE_LIMITS,
  USE_MEMORY,
} from './probe.js';
import type { RunOutcome } from './run-outcome.js';
import { detectRuntimes, type Runtime } from './runtimes.js';
import type { SandboxCapabilities } from './sandbox.js';
import type { SandboxLogger } from './sandbox-logger.js';
import type { PreparedMachine } from './steps.js';
import { stepsFor, withLanes } from './steps-for.js';

/** What was found out; `ready` is null exactly when nothing can be run. */
export interface Examined {
  readonly capabilities: SandboxCapabilities;
  readonly ready: PreparedMachine | null;
}

/** Nothing can be run, and why: for the operator, with what to do. */
export function refused(reason: string): Examined {
  return {
    ready: null,
    capabilities: {
      driver: 'none',
      usable: false,
      reason,
      memory: 'none',
      cgroup: 'none',
      seccomp: false,
      uidDrop: false,
      forkServer: false,
      warnings: [],
    },
  };
}

/** What a trial is made with. */
export interface TrialContext {
  /** Of the pool of lanes that goes with what is found usable. */
  readonly concurrency: number;
  /** Ends the trial. */
  readonly stopping: AbortSignal;
  readonly log: SandboxLogger;
}

/** Runs real programs under the full configuration, tells what holds, and takes back what this machine does not give. */
export async function tryOut(machine: PreparedMachine, context: TrialContext): Promise<Examined> {
  const { concurrency, log } = context;
  const first = withLanes(machine, concurrency, log);
  const tryProgram = (ready: PreparedMachine, argv: readonly string[]) => runTrial(ready, argv, context);
  const driver = first.supervisor?.launcher.name ?? 'bubblewrap';
  const isContainer = driver !== 'bubblewrap';
  let ready = first;
  let outcome = await tryProgram(ready, ['/bin/sh', '-c', LOOK_AROUND]);
  let failure = failureOf(outcome);
  // A container cannot be built without: runtimes look there for what they have open.
  if (failure !== null && isProcRefused(failure) && !isContainer) {
    await ready.lanes?.shutDown();
    const warning =
      "/proc cannot be mounted inside, because parts of this container's are masked: Java and /dev/stdin do not work. Set systempaths=unconfined for the worker";
    const withoutProc = {
      ...ready,
      machine: { ...ready.machine, layout: ready.scratch.layout(false) },
      warnings: [...ready.warnings, warning],
    };
    ready = withLanes(withoutProc, concurrency, log);
    outcome = await tryProgram(ready, ['/bin/sh', '-c', LOOK_AROUND]);
    failure = failureOf(outcome);
  }
  const report = outcome.stdout.toString('utf8');
  if (failure === null && looksLikeRoot(report)) {
    const warning =
      'programs are told that they are user 0, though they have no rights: this runtime gives an ordinary user no other. Set SANDBOX_RUNTIME=crun, or SANDBOX=bubblewrap';
    ready = { ...ready, warnings: [...ready.warnings, warning] };
  }
  const seccomp = ready.machine.openFilter !== null;
  const leaks = failure === null ? findLeaks(report, { seccomp, isInContainer: isContainer }) : [];
  if (failure === null && leaks.length > 0) failure = `the sandbox does not hold: ${leaks.join('; ')}`;

  const cgroups = ready.machine.cgroups;
  if (failure === null && cgroups !== null) {
    const bomb = await tryProgram(ready, USE_MEMORY);
    if (bomb.kind !== 'memory_limit') {
      failure = `the memory limit does not hold: a trial ended with ${bomb.kind} ${bomb.reason ?? ''}`;
    }
  }
  if (failure !== null) {
    await ready.lanes?.shutDown();
    const explained = isContainer ? explainContainerComplaint(failure) : explainComplaint(failure);
    return refused(`${driver} does not work here: ${explained}`);
  }
  ready = await tryForkServer(ready, context);
  for (const warning of ready.warnings) log('warn', `sandbox: ${warning}`);
  return {
    ready,
    capabilities: {
      driver,
      usable: true,
      reason: null,
      memory: cgroups === null ? 'process' : 'tree',
      cgroup: cgroups?.version ?? 'none',
      seccomp,
      uidDrop: ready.dropsUser,
      forkServer: ready.supervisor?.hasTemplate === true,
      warnings: ready.warnings,
    },
  };
}

/** Takes the fork server back where it does not work: an interpreter may lack what it needs, or refuse our library. */
async function tryForkServer(ready: PreparedMachine, context: TrialContext): Promise<PreparedMachine> {
  const { supervisor } = ready;
  if (supervisor?.hasTemplate !== true) return ready;
  const runtime = (await detectRuntimes()).find((candidate) => candidate.hasForkServer && candidate.available);
  const path = runtime?.defaultEntrypoint;
  if (runtime === undefined || path === undefined || path === null) return ready;
  const argv = runtime.command(path, [], PROBE_LIMITS);
  const failure = failureOf(await runTrial(ready, argv, context, { runtime, path }));
  if (failure === null) return ready;
  const warning = `${runtime.title} starts anew for each test, which is slower: ${failure}`;
  return { ...ready, supervisor: { ...supervisor, hasTemplate: false }, warnings: [...ready.warnings, warning] };
}

async function runTrial(
  ready: PreparedMachine,
  argv: readonly string[],
  { stopping, log }: TrialContext,
  script: { readonly runtime: Runtime; readonly path: string } | null = null,
): Promise<RunOutcome> {
  const forkServer = script === null ? null : { entrypoint: script.path };
  const steps = stepsFor(ready, script?.runtime ?? null, { network: 'none', forkServer }, log, true);
  if (steps === null) throw new Error('this machine has no free user number for the sandbox');
  const session = new BubblewrapSession(steps, stopping, () => undefined);
  try {
    if (script !== null) await session.put([{ path: script.path, content: Buffer.alloc(0) }]);
    return await session.run({ argv, stdin: Buffer.alloc(0), environment: {}, limits: PROBE_LIMITS });
  } finally {
    await session.close();
  }
}
