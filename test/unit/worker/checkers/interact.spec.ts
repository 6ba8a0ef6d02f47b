import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../../../src/sandbox/run-outcome.js';
import type { RunningProgram } from '../../../../src/sandbox/sandbox.js';
import { talk } from '../../../../src/worker/checkers/interact.js';
import { Transcript } from '../../../../src/worker/checkers/transcript.js';
import { runOutcome } from '../../../support/fake-sandbox.js';

/** A program that does what the test makes it do. */
class Puppet implements RunningProgram {
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly ended: Promise<RunOutcome>;
  wasStopped = false;
  private resolve: (outcome: RunOutcome) => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  end(outcome: Partial<RunOutcome> = {}): void {
    this.stdout.end();
    this.resolve({ ...runOutcome(), ...outcome });
  }

  cpuTimeMs(): number {
    return 0;
  }

  stop(): Promise<RunOutcome> {
    this.wasStopped = true;
    this.end({ kind: 'signalled', signal: 'SIGKILL', exitCode: null });
    return this.ended;
  }
}

async function textOf(stream: PassThrough): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

describe('talk', () => {
  it('carries both ways, and closes the input of who is left', async () => {
    const [submission, checker] = [new Puppet(), new Puppet()];
    const talking = talk(submission, checker, 1000);
    const heard = textOf(checker.stdin);
    checker.stdout.write('hello\n');
    submission.stdout.write('4');
    submission.stdout.write('2\nbye');
    submission.end();
    expect(await heard).toBe('42\nbye');
    checker.end({ exitCode: 42 });
    const talked = await talking;
    expect(talked).toMatchObject({ first: 'submission', checker: { exitCode: 42 } });
    expect(talked.transcript.split('\n').toSorted()).toEqual(['', '< hello', '> 42', '> bye']);
  });

  it('does not close the input of a checker while the submission runs on', async () => {
    const [submission, checker] = [new Puppet(), new Puppet()];
    const talking = talk(submission, checker, 1000);
    submission.stdout.end();
    await new Promise((resolve) => submission.stdout.once('close', resolve));
    expect(checker.stdin.writableEnded).toBe(false);
    submission.end();
    checker.stdin.resume();
    await new Promise((resolve) => checker.stdin.once('end', resolve));
    checker.end({ exitCode: 43 });
    expect(await talking).toMatchObject({ first: 'submission' });
  });

  it('stops a submission whose checker refused, and lets one that was accepted go on', async () => {
    for (const exitCode of [43, 1, 42]) {
      const [submission, checker] = [new Puppet(), new Puppet()];
      const talking = talk(submission, checker, 1000);
      checker.end({ exitCode });
      if (exitCode === 42) {
        submission.stdin.resume();
        await new Promise((resolve) => submission.stdin.once('end', resolve));
        submission.end();
      }
      expect(await talking).toMatchObject({ first: 'checker' });
      expect(submission.wasStopped).toBe(exitCode !== 42);
    }
  });

  it('stops a submission that floods, of which nobody reads anything', async () => {
    const [submission, checker] = [new Puppet(), new Puppet()];
    const talking = talk(submission, checker, 100_000);
    for (let i = 0; i < 3; i += 1) submission.stdout.write(Buffer.alloc(50_000, 'x'));
    checker.stdin.resume();
    await new Promise((resolve) => checker.stdin.once('end', resolve));
    checker.end({ exitCode: 42 });
    const talked = await talking;
    expect(talked).toMatchObject({ first: 'submission', submission: { kind: 'output_limit' } });
    expect(talked.transcript.length).toBeLessThan(10_000);
  });

  it('blames nobody for a sandbox that failed', async () => {
    const [submission, checker] = [new Puppet(), new Puppet()];
    const talking = talk(submission, checker, 100);
    checker.end({ kind: 'sandbox_failure', exitCode: null, reason: 'gone' });
    await expect(talking).rejects.toThrow('gone');
  });
});

describe('Transcript', () => {
  it('marks who said what, and says how much it leaves out', () => {
    const transcript = new Transcript();
    transcript.add('<', Buffer.from('3\n'));
    transcript.add('>', Buffer.from('a\n\nb'));
    transcript.add('>', Buffer.alloc(9000, 'c'));
    expect(transcript.toString()).toMatch(/^< 3\n> a\n> \n> bc+\n… \[814 bytes cut\]\n$/);
    expect(new Transcript().toString()).toBe('');
  });
});
