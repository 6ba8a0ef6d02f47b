import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';

/** One way to get a sandbox; the contract is checked for each. */
export interface SandboxAdapter {
  readonly name: string;
  readonly create: () => Sandbox;
}

export const SANDBOX_ADAPTERS: readonly SandboxAdapter[] = [
  {
    name: 'supervised bubblewrap',
    create: () => new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 3, supervisor: requiredSupervisor() }),
  },
  {
    name: 'separate bubblewraps',
    create: () => new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 3, supervisor: null }),
  },
];
