import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';

/** One way to get a sandbox; the contract is checked for each. */
export interface SandboxAdapter {
  readonly name: string;
  readonly create: () => Sandbox;
}

/** An OCI runtime that Assay knows, and why it cannot be used here: null where it can. */
export interface OciRuntimeState {
  readonly runtime: string;
  readonly reason: string | null;
}

function createOci(runtime: string): Sandbox {
  const oci = { runtime, arguments: [] };
  return new BubblewrapSandbox({ driver: 'oci', concurrency: 3, supervisor: requiredSupervisor(), oci });
}

async function lookAtRuntime(runtime: string): Promise<OciRuntimeState> {
  const sandbox = createOci(runtime);
  try {
    return { runtime, reason: (await sandbox.probe()).reason };
  } finally {
    await sandbox.shutDown();
  }
}

/** What `sandbox-oci.spec.ts` holds against the machine: a runtime is left out only for a reason that it proves. */
export const OCI_RUNTIMES: readonly OciRuntimeState[] = await Promise.all(['crun', 'runc', 'runsc'].map(lookAtRuntime));

const CONTAINERS: readonly SandboxAdapter[] = OCI_RUNTIMES.filter(({ reason }) => reason === null).map(
  ({ runtime }) => ({ name: `${runtime} container`, create: () => createOci(runtime) }),
);

export const BUBBLEWRAP_ADAPTERS: readonly SandboxAdapter[] = [
  {
    name: 'supervised bubblewrap',
    create: () => new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 3, supervisor: requiredSupervisor() }),
  },
  {
    name: 'separate bubblewraps',
    create: () => new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 3, supervisor: null }),
  },
];

/**
 * The containers that all of test/programs/ are run in: those of one runtime. What judges a program is inside of them and the
 * same in all; what they are made of is held to the contract, and probed, in each.
 */
export const PROGRAM_CONTAINERS: readonly SandboxAdapter[] = CONTAINERS.slice(-1);

export const SANDBOX_ADAPTERS: readonly SandboxAdapter[] = [...BUBBLEWRAP_ADAPTERS, ...CONTAINERS];
