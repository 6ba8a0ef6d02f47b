import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import type { RunLimits } from '../../src/sandbox/limits.js';
import {
  Sandbox,
  type SandboxCapabilities,
  type SandboxSession,
  type SandboxSpec,
  type SandboxStep,
} from '../../src/sandbox/sandbox.js';
import {
  brokenProbes,
  holdsByName,
  runSelfTest,
  type ProbeResult,
  type SelfTestReport,
} from '../../src/sandbox/self-test/self-test.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { LooseSandbox } from '../support/loose-sandbox.js';
import { SANDBOX_ADAPTERS } from './sandbox-adapters.js';
import { programsOf } from './sandbox-traces.js';

const namesOf = (probes: readonly ProbeResult[]): readonly string[] => probes.map(({ name }) => name);

/** A sandbox that takes one limit for another: what a probe of it must notice. */
class MistakenSandbox extends Sandbox {
  constructor(
    private readonly real: Sandbox,
    private readonly mistake: Partial<RunLimits>,
  ) {
    super();
  }

  override probe(): Promise<SandboxCapabilities> {
    return this.real.probe();
  }

  override async open(spec: SandboxSpec): Promise<SandboxSession> {
    const session = await this.real.open(spec);
    return {
      put: (files) => session.put(files),
      run: (step) => session.run({ ...step, limits: { ...step.limits, ...this.mistake } }),
      start: (program) => session.start(program),
      connect: (port) => session.connect(port),
      rememberFiles: () => session.rememberFiles(),
      close: () => session.close(),
    };
  }

  override shutDown(): Promise<void> {
    return this.real.shutDown();
  }
}

describe.each(SANDBOX_ADAPTERS)('the self-test of $name', ({ create }) => {
  let sandbox: Sandbox;
  let report: SelfTestReport;
  const told: (readonly [number, number])[] = [];

  beforeAll(async () => {
    sandbox = create();
    report = await runSelfTest(sandbox, { onProgress: (done, total) => told.push([done, total]) });
  });
  afterAll(() => sandbox.shutDown());

  it('finds that every essential promise holds, and leaves nothing behind', async () => {
    expect(report.probes.filter(({ holds, essential }) => essential && holds !== 'yes')).toEqual([]);
    expect(report).toMatchObject({ passed: true, driver: (await sandbox.probe()).driver });
    await expect.poll(() => programsOf()).toEqual([]);
  });

  it('says how far it is', () => {
    expect(told.length).toBeGreaterThan(15);
    expect(told.map(([done]) => done)).toEqual(told.map((_, index) => index + 1));
    expect(told.every(([, total]) => total === told.length)).toBe(true);
  });
});

describe('a self-test', () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 3, supervisor: requiredSupervisor() });
  });
  afterAll(() => sandbox.shutDown());

  it('does without the prober, and says what was not tried', async () => {
    const { passed, probes } = await runSelfTest(sandbox, { prober: null });
    const missed = probes.filter(({ holds }) => holds === 'not-run');
    expect(passed).toBe(true);
    expect(namesOf(missed)).toContain('dangerousCalls');
    expect(missed.every(({ cure }) => cure?.includes('apt-get install gcc') === true)).toBe(true);
    expect(probes.length - missed.length).toBeGreaterThan(25);
  });

  it('has proved nothing when it is interrupted', async () => {
    const { passed, probes } = await runSelfTest(sandbox, { signal: AbortSignal.abort() });
    expect(passed).toBe(false);
    expect(probes.find(({ name }) => name === 'files')?.holds).toBe('not-run');
  });

  it.each<{ mistake: Partial<RunLimits>; broken: readonly string[] }>([
    { mistake: { cpuTimeMs: 60_000, wallTimeMs: 700 }, broken: ['cpuTime', 'hiddenCpuTime'] },
    { mistake: { memoryMiB: 512 }, broken: ['memoryOfTree'] },
    { mistake: { processes: 256 }, broken: ['processes'] },
    { mistake: { outputKiB: 64 }, broken: ['output'] },
    { mistake: { diskMiB: 8 }, broken: ['disk'] },
  ])('notices that $broken does not hold, where it is limited by $mistake', async ({ mistake, broken }) => {
    const { passed, probes } = await runSelfTest(new MistakenSandbox(sandbox, mistake));
    const found = probes.filter(({ holds, essential }) => essential && holds === 'no');
    expect(namesOf(found)).toEqual(expect.arrayContaining([...broken]));
    expect(passed).toBe(false);
    for (const { detail, cure } of found) expect(detail.length * (cure?.length ?? 0)).toBeGreaterThan(0);
  });
});

/** No bomb, and nothing that takes all that there is. */
const isHarmless = ({ argv }: SandboxStep): boolean =>
  /^(?:calls|sockets|connect|leave|look)$/.test(argv[1] ?? '') || /\/tmp\/left|uid_map/.test(argv[2] ?? '');

describe('the self-test of a sandbox that holds nothing', () => {
  let loose: LooseSandbox;
  let report: SelfTestReport;

  beforeAll(async () => {
    loose = new LooseSandbox(isHarmless);
    report = await runSelfTest(loose);
  });
  afterAll(() => loose.shutDown());

  it.each([
    'files',
    'readOnlyRoot',
    'environment',
    'namespaces',
    'ownProcesses',
    'noCapabilities',
    'systemCallFilter',
    'privilegedCalls',
    'dangerousCalls',
    'socketFamilies',
    'network',
    'ownNetwork',
    'cleanFiles',
    'cleanObjects',
    'nothingSurvives',
  ])('finds that %s is missing', (name) => {
    expect(report.probes.find((probe) => probe.name === name)).toMatchObject({ holds: 'no', essential: true });
    expect(holdsByName(report)[name]).toBe(false);
  });

  it('does not pass', () => {
    expect(report.passed).toBe(false);
    expect(brokenProbes(report).every(({ cure }) => cure !== null)).toBe(true);
  });
});

describe('the self-test without a sandbox', () => {
  it('says why there is none, and tries nothing', async () => {
    const absent = new BubblewrapSandbox({ driver: 'auto', concurrency: 1, scratchDirectory: '/nonexistent' });
    const { passed, driver, probes } = await runSelfTest(absent);
    expect({ passed, driver }).toEqual({ passed: false, driver: 'none' });
    expect(probes[0]).toMatchObject({ name: 'starts', holds: 'no', detail: expect.stringContaining('/nonexistent') });
    expect(probes.slice(1).every(({ holds }) => holds === 'not-run')).toBe(true);
  });
});
