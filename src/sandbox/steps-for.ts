import { SUPERVISOR_FOLDER } from './bubblewrap-arguments.js';
import type { LaneTemplate } from './lane.js';
import { LanePool } from './lane-pool.js';
import { PROBE_LIMITS } from './probe.js';
import type { Runtime } from './runtimes.js';
import type { SandboxSpec } from './sandbox.js';
import { SeparateSteps } from './separate-steps.js';
import { SharedSteps } from './shared-steps.js';
import type { SandboxLogger } from './sandbox-logger.js';
import { ENVIRONMENT, type PreparedMachine, type Steps, type StepsContext } from './steps.js';
import { SupervisedSteps } from './supervised-steps.js';

/** The same machine with a new pool of lanes, where there is a supervisor for them. The old pool is the caller's to end. */
export function withLanes(ready: PreparedMachine, concurrency: number, log: SandboxLogger): PreparedMachine {
  return ready.supervisor === null ? ready : { ...ready, lanes: new LanePool(ready, concurrency, log) };
}

/**
 * The way in which the steps of one session are run.
 * @param runtime null for what needs nothing but the base system.
 * @param mustFork a session whose programs shall be forked fails where that is not possible, for a trial of it.
 * @returns null when every user number is in use.
 */
export function stepsFor(
  ready: PreparedMachine,
  runtime: Runtime | null,
  spec: Omit<SandboxSpec, 'runtime'>,
  log: SandboxLogger,
  mustFork = false,
): Steps | null {
  const context: StepsContext = {
    prepared: ready,
    runtime,
    ownNetwork: spec.network === 'loopback',
    systemSitePackages: spec.systemSitePackages === true,
    log,
  };
  if (ready.lanes === null) {
    const slot = ready.slots.acquire();
    return slot === null ? null : new SeparateSteps(context, slot);
  }
  const kind = {
    runtime,
    template: ready.supervisor?.hasTemplate === true ? templateFor(runtime, spec.forkServer) : null,
    keepsNamespaces: spec.reuse === 'lane',
    systemSitePackages: context.systemSitePackages,
  };
  return new SupervisedSteps(context, ready.lanes, kind, !mustFork);
}

/**
 * The way in which steps and programs of a session with a shared network are run, whatever else there is.
 * @param node the runtime of that name.
 * @returns null when every user number is in use.
 */
export function sharedStepsFor(
  prepared: PreparedMachine,
  runtime: Runtime,
  node: Runtime,
  spec: Pick<SandboxSpec, 'systemSitePackages'>,
  log: SandboxLogger,
): SharedSteps | null {
  const slot = prepared.slots.acquire();
  if (slot === null) return null;
  const systemSitePackages = spec.systemSitePackages === true;
  try {
    return new SharedSteps({ prepared, runtime, ownNetwork: false, systemSitePackages, log }, slot, node);
  } catch (error) {
    prepared.slots.release(slot);
    throw error;
  }
}

/** The interpreter that programs are copies of, where there can be one. */
function templateFor(runtime: Runtime | null, forkServer: SandboxSpec['forkServer']): LaneTemplate | null {
  if (runtime === null || !runtime.hasForkServer || forkServer === undefined || forkServer === null) return null;
  // An interpreter takes such a name for an option, and need not even get to where it would stop.
  if (forkServer.entrypoint.startsWith('-')) return null;
  return {
    // Its command depends on no limit.
    argv: runtime.command(forkServer.entrypoint, [], PROBE_LIMITS),
    environment: { ...ENVIRONMENT, ...runtime.environment, PYTHONPATH: SUPERVISOR_FOLDER },
  };
}
