import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { explainFailure } from '../sandbox/explain-failure.js';
import { RenewableSandbox } from '../sandbox/renewable-sandbox.js';
import type { SandboxCapabilities, SandboxSpec } from '../sandbox/sandbox.js';
import { brokenProbes, runSelfTest, type SelfTestReport } from '../sandbox/self-test/self-test.js';
import { tryOutSandbox } from '../sandbox/try-out.js';

/** How often a small program is tried while nothing else is heard: folders vanish and disks fill up without a word. */
const LOOK_EVERY_MS = 30_000;

/** Pauses before the machine is examined anew after it failed; the last one for good. */
const EXAMINE_AGAIN_MS = [2_000, 5_000, 10_000, 30_000];

/** What is known of the sandbox of this worker. */
export interface SandboxState {
  /** Programs may be run. */
  readonly isUsable: boolean;
  readonly capabilities: SandboxCapabilities;
  /** Null where it was not come to that. */
  readonly selfTest: SelfTestReport | null;
  /** Why not, with the cure; null when it is usable. */
  readonly reason: string | null;
  /** What fails, in words that anyone may read: names of probes, or `sandbox`. */
  readonly failing: readonly string[];
}

type Observer = (state: SandboxState) => void;

/**
 * Decides whether programs may be run on this machine: by the probe and the self-test before the first one, by a small trial
 * whenever the sandbox failed or nothing was heard of it for a while, and, once it is found broken, by a new sandbox and
 * everything from the start, until it is well again. So a worker leaves its work to others while its disk is full, and comes
 * back by itself.
 */
@Injectable()
export class SandboxGuard {
  private readonly logger = new Logger('Sandbox');
  private readonly stopping = new AbortController();
  private observer: Observer = () => undefined;
  private state: SandboxState | null = null;
  /** What was told of the last self-test, so that the next one says only what is new. */
  private toldProbes = '';
  private work: Promise<void> = Promise.resolve();
  private isLooking = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly sandbox: RenewableSandbox) {}

  /** Examines the machine, tells `observer` what came out, and again whenever that changes. Resolves after the first time. */
  async start(observer: Observer): Promise<void> {
    this.observer = observer;
    this.sandbox.onFailure((_reason, spec) => this.look(spec));
    const state = await this.examine(await this.sandbox.probe());
    this.become(state);
    if (state.isUsable) this.lookLater();
    else this.recover();
  }

  /** Ends whatever is under way. Harmless the second time. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.work;
  }

  private async examine(capabilities: SandboxCapabilities): Promise<SandboxState> {
    if (!capabilities.usable) {
      const reason = explainFailure(capabilities.reason ?? 'no usable sandbox was found');
      return { isUsable: false, capabilities, selfTest: null, reason, failing: ['sandbox'] };
    }
    const selfTest = await runSelfTest(this.sandbox, { signal: this.stopping.signal });
    const broken = brokenProbes(selfTest);
    const failing = broken.filter(({ essential }) => essential);
    this.tellProbes(selfTest);
    return {
      isUsable: selfTest.passed,
      capabilities,
      selfTest,
      reason: selfTest.passed
        ? null
        : `the self-test failed: ${failing.map(({ name, detail }) => `${name} (${detail})`).join('; ') || 'it was interrupted'}`,
      failing: failing.map(({ name }) => name),
    };
  }

  private tellProbes(selfTest: SelfTestReport): void {
    const broken = brokenProbes(selfTest);
    const names = selfTest.probes.map(({ name, holds }) => `${name} ${holds}`).join();
    if (this.stopping.signal.aborted || names === this.toldProbes) return;
    this.toldProbes = names;
    for (const { essential, name, promise, detail, cure } of broken) {
      const line = `Self-test: ${name} does not hold (${promise}). Seen: ${detail}. ${cure ?? ''}`.trim();
      if (essential) this.logger.error(line);
      else this.logger.warn(line);
    }
    const missed = selfTest.probes.filter(({ holds }) => holds === 'not-run');
    if (missed.length > 0) {
      this.logger.warn(
        `Self-test: not tried were ${missed.map(({ name }) => name).join(', ')}, because ${missed[0]?.detail ?? ''}. ${missed[0]?.cure ?? ''}`.trim(),
      );
    }
    this.logger.log(
      { milliseconds: Math.round(selfTest.durationMs), probes: selfTest.probes.length, broken: broken.length },
      'The self-test of the sandbox is over; "npm run sandbox:check" shows it',
    );
  }

  private become(state: SandboxState): void {
    if (this.stopping.signal.aborted) return;
    const before = this.state;
    this.state = state;
    // Once for each reason, not once for each try.
    if (before?.isUsable !== state.isUsable || before.reason !== state.reason) this.observer(state);
  }

  private lookLater(): void {
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => this.look(null), LOOK_EVERY_MS);
    this.timer.unref();
  }

  /** After a failure, or a while: does the sandbox work at all? */
  private look(spec: SandboxSpec | null): void {
    // What fails while we look is what we look at.
    if (this.isLooking || this.state?.isUsable !== true || this.stopping.signal.aborted) return;
    this.isLooking = true;
    clearTimeout(this.timer);
    this.work = this.lookNow(spec).finally(() => {
      this.isLooking = false;
    });
  }

  private async lookNow(spec: SandboxSpec | null): Promise<void> {
    const complaint = await tryOutSandbox(this.sandbox, spec, this.stopping.signal);
    if (complaint === null || this.state === null || this.stopping.signal.aborted) {
      this.lookLater();
      return;
    }
    this.become({ ...this.state, isUsable: false, reason: explainFailure(complaint), failing: ['sandbox'] });
    this.recover();
  }

  /** Again and again, until the machine is well. */
  private recover(): void {
    this.work = this.recoverNow().catch((error: unknown) => {
      this.logger.error({ err: error }, 'The sandbox could not be examined anew');
    });
  }

  private async recoverNow(): Promise<void> {
    const { signal } = this.stopping;
    for (let tries = 0; !signal.aborted; tries += 1) {
      const wait = EXAMINE_AGAIN_MS[Math.min(tries, EXAMINE_AGAIN_MS.length - 1)];
      await pause(wait, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      const state = await this.examine(await this.sandbox.renew(signal));
      this.become(state);
      if (state.isUsable) {
        this.lookLater();
        return;
      }
    }
  }
}
