import { createHash } from 'node:crypto';
import type { LimitCeilings } from '../../config/env.js';
import type { CheckerDefinition } from '../../grading/grading-document.js';
import { textPreview } from '../../grading/preview.js';
import { relativePathFault } from '../../grading/relative-path.js';
import type { Runtime } from '../../sandbox/runtimes.js';
import type { Sandbox, SandboxFile } from '../../sandbox/sandbox.js';
import { GradingFault } from '../grading-fault.js';
import { buildLimits } from '../run-limits.js';
import { receivedFiles, sendFiles } from './framed-files.js';

const MOST_BUILDS = 64;
const MOST_BYTES = 64 * 1024 * 1024;
/** Bytes of all files of one built checker. */
const BUILD_BYTES = 16 * 1024 * 1024;
const COLLECTING = `find . -type f -exec /bin/sh -c '${sendFiles(BUILD_BYTES).replaceAll("'", `'\\''`)}' sh {} +`;

/** What a checker is started from: its files, and what its build made of them. */
export type BuiltChecker = readonly SandboxFile[];

/**
 * Builds checkers, each once for as long as it is used: what comes out is kept by what it was made of. Two gradings that need the
 * same at a time wait for one build. A build that fails is not kept: it may have been the machine's fault.
 */
export class CheckerBuilds {
  /** The least recently used first. */
  private readonly builds = new Map<string, { readonly built: Promise<BuiltChecker>; bytes: number }>();

  constructor(private readonly sandbox: Pick<Sandbox, 'open'>) {}

  /** @throws GradingFault when it cannot be built. */
  async get(checker: CheckerDefinition, runtime: Runtime, ceilings: LimitCeilings): Promise<BuiltChecker> {
    const sources = filesOf(checker);
    const command = checker.build?.run ?? runtime.build;
    if (command === null) return sources;
    const key = keyOf(checker, command, runtime);
    const known = this.builds.get(key);
    if (known !== undefined) {
      this.builds.delete(key);
      this.builds.set(key, known);
      return known.built;
    }
    const entry = { built: this.build(checker, command, ceilings), bytes: 0 };
    this.builds.set(key, entry);
    try {
      const built = await entry.built;
      entry.bytes = built.reduce((sum, file) => sum + file.content.length, 0);
      this.makeRoom();
      return built;
    } catch (error) {
      if (this.builds.get(key) === entry) this.builds.delete(key);
      throw error;
    }
  }

  private async build(checker: CheckerDefinition, command: string, ceilings: LimitCeilings): Promise<BuiltChecker> {
    const session = await this.sandbox.open({ runtime: checker.runtime, network: 'none' });
    try {
      await session.put(filesOf(checker));
      const limits = buildLimits(checker.build?.timeMs, checker.limits, ceilings);
      const step = { stdin: Buffer.alloc(0), environment: {}, limits, keepFiles: true };
      const built = await session.run({ ...step, argv: ['/bin/sh', '-c', command] });
      if (built.kind !== 'exited' || built.exitCode !== 0) {
        const said = textPreview(Buffer.concat([built.stdout, built.stderr]), 2048).trim();
        throw new GradingFault(
          `The checker "${checker.name}" could not be built (${built.kind}, exit status ${built.exitCode ?? 'none'}): ` +
            `${built.reason ?? ''}${said}`,
        );
      }
      const outputKiB = Math.min(2 * (BUILD_BYTES / 1024), ceilings.outputKiB);
      const sent = await session.run({
        ...step,
        argv: ['/bin/sh', '-c', COLLECTING],
        limits: { ...limits, outputKiB },
        reports: true,
        isLast: true,
      });
      const files = sent.kind === 'exited' ? receivedFiles(sent.report ?? Buffer.alloc(0)) : null;
      if (files === null) {
        throw new GradingFault(
          `What the build of the checker "${checker.name}" made could not be kept (${sent.kind}): it may hold ` +
            `${outputKiB} KiB in all. ${sent.reason ?? ''}`,
        );
      }
      return files.map(({ name, content, isExecutable }) => ({
        path: checkedPath(name, checker),
        // The report is one large buffer, which a slice would keep.
        content: Buffer.from(content),
        executable: isExecutable,
      }));
    } finally {
      await session.close();
    }
  }

  private makeRoom(): void {
    let bytes = [...this.builds.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [key, entry] of this.builds) {
      if (this.builds.size <= MOST_BUILDS && bytes <= MOST_BYTES) return;
      this.builds.delete(key);
      bytes -= entry.bytes;
    }
  }
}

function filesOf({ files }: CheckerDefinition): readonly SandboxFile[] {
  return files.map(({ path, content, encoding, executable }) => ({
    path,
    content: Buffer.from(content, encoding),
    executable,
  }));
}

function keyOf({ files, build }: CheckerDefinition, command: string, { key, version }: Runtime): string {
  return createHash('sha256')
    .update(JSON.stringify([key, version, command, build?.timeMs ?? null, files]))
    .digest('hex');
}

function checkedPath(name: string, checker: CheckerDefinition): string {
  const path = name.replace(/^\.\//, '');
  const fault = relativePathFault(path);
  if (fault === null) return path;
  throw new GradingFault(`The build of the checker "${checker.name}" made a file whose path ${fault}.`);
}
