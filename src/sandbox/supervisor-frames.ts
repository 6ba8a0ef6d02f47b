/**
 * What travels between the worker and the supervisor of a sandbox (`native/README.md`): frames of eight bytes (version, type,
 * two zero bytes, length of the rest) and a body. All numbers are little-endian. `native/protocol.h` is the other side.
 */

const VERSION = 2;
const HEADER_BYTES = 8;

const REQUEST = { hello: 1, put: 2, run: 3, stop: 4, end: 5 } as const;
const REPLY = { ready: 129, result: 130, fault: 131 } as const;

const RUN_HEAD_BYTES = 80;
const PUT_HEAD_BYTES = 16;
const RESULT_HEAD_BYTES = 48;

/** Bounds, the same on both sides. */
const MOST_STRINGS = 4096;
const MOST_STRING_BYTES = 1 << 20;
const MOST_PATH_BYTES = 4095;
const MOST_FRAME_BYTES = 256 << 20;
const MOST_OUTPUT_BYTES = 64 << 20;
const MOST_FAULT_BYTES = 512;

/** The other side said something that it cannot have meant. The sandbox is of no use any more. */
export class SupervisorProtocolError extends Error {}

/** First frame of every submission. */
export interface Hello {
  /** How many descriptors for joining cgroups are open, 1 to 3. */
  readonly joins: number;
  readonly mountProc: boolean;
  /** The system-call filter, or null for none. */
  readonly filter: Buffer | null;
}

/** A file of the submission. `path` is relative and already validated. */
export interface PutFile {
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
  /** Laid into the folder that programs cannot write to, and that only some steps show. */
  readonly isProtected: boolean;
  readonly modifiedAtMs: number;
}

/** One program to run. */
export interface RunRequest {
  readonly id: number;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly stdin: Buffer;
  readonly keepFiles: boolean;
  /** A network of its own even when no earlier step has used the sandbox's. */
  readonly ownNetwork: boolean;
  /** A copy of the lane's template in place of another program; `argv` is then what the program finds in `sys.argv`. */
  readonly isForked: boolean;
  /** The program gets the descriptor 3 to report on. */
  readonly reports: boolean;
  readonly showsProtected: boolean;
  /** Nothing is prepared for a step after it; there may be one all the same. */
  readonly isLast: boolean;
  readonly cpuTimeMs: number;
  readonly wallTimeMs: number;
  readonly outputBytes: number;
  readonly diskBytes: number;
  readonly fileBytes: number;
  readonly stackBytes: number;
  /** Of the whole user, the supervisor's own processes included. */
  readonly processes: number;
  readonly openFiles: number;
}

const ENDINGS = ['exited', 'signalled', 'cpu_limit', 'wall_limit', 'memory_limit', 'output_limit', 'stopped'] as const;

/** How a program ended; `stopped` because it was asked for. */
export type SupervisedEnding = (typeof ENDINGS)[number];

/** What the supervisor says. */
export type SupervisorReply =
  | { readonly type: 'ready' }
  | {
      readonly type: 'result';
      readonly id: number;
      readonly ending: SupervisedEnding;
      /** Exit status or number of the signal; 0 for other endings. */
      readonly code: number;
      readonly cpuTimeMs: number;
      readonly wallTimeMs: number;
      readonly largestProcessKiB: number;
      readonly stdout: Buffer;
      readonly stderr: Buffer;
      readonly report: Buffer;
      readonly stdoutTruncated: boolean;
      readonly stderrTruncated: boolean;
      readonly reportTruncated: boolean;
      /** What the step left in its folder is what later steps start from. */
      readonly filesKept: boolean;
    }
  /** A step could not be run, through no fault of its program. */
  | { readonly type: 'fault'; readonly id: number; readonly reason: string };

function frame(type: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  if (length > MOST_FRAME_BYTES) throw new Error('the input is too large for the sandbox');
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(VERSION, 0);
  header.writeUInt8(type, 1);
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, ...parts], HEADER_BYTES + length);
}

function terminated(text: string): Buffer {
  if (text.includes('\0')) throw new Error('an argument or variable holds a NUL byte');
  return Buffer.from(`${text}\0`, 'utf8');
}

export function encodeHello(hello: Hello): Buffer {
  return frame(
    REQUEST.hello,
    Buffer.from([hello.joins, hello.mountProc ? 1 : 0, 0, 0]),
    hello.filter ?? Buffer.alloc(0),
  );
}

/** @throws Error for a path or content that is too long. */
export function encodePut(file: PutFile): Buffer {
  const path = Buffer.from(file.path, 'utf8');
  if (path.length === 0 || path.length > MOST_PATH_BYTES) throw new Error('the path of a file is too long');
  const head = Buffer.alloc(PUT_HEAD_BYTES);
  head.writeBigUInt64LE(BigInt(Math.max(0, Math.trunc(file.modifiedAtMs))), 0);
  head.writeUInt16LE(path.length, 8);
  head.writeUInt8((file.executable ? 1 : 0) | (file.isProtected ? 2 : 0), 10);
  return frame(REQUEST.put, head, path, file.content);
}

function microseconds(milliseconds: number): bigint {
  return BigInt(Math.max(1, Math.round(milliseconds * 1000)));
}

function flagsOf(run: RunRequest): number {
  const flags = [run.keepFiles, run.ownNetwork, run.isForked, run.reports, run.showsProtected, run.isLast];
  return flags.reduce((sum, isSet, bit) => sum | (isSet ? 1 << bit : 0), 0);
}

/** @throws Error for a variable's name that no shell could export, a NUL byte, or more than a program can be given. */
export function encodeRun(run: RunRequest): Buffer {
  const variables = Object.entries(run.environment);
  const bad = variables.find(([name]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (bad !== undefined) throw new Error(`the environment variable name ${JSON.stringify(bad[0])} is not valid`);
  const strings = Buffer.concat([
    ...run.argv.map(terminated),
    ...variables.map(([name, value]) => terminated(`${name}=${value}`)),
  ]);
  if (run.argv.length === 0 || run.argv.length > MOST_STRINGS || variables.length > MOST_STRINGS) {
    throw new Error('the program needs at least one argument and not too many');
  }
  if (strings.length > MOST_STRING_BYTES) throw new Error('the arguments of the program are too long');
  const head = Buffer.alloc(RUN_HEAD_BYTES);
  head.writeUInt32LE(run.id, 0);
  head.writeUInt32LE(flagsOf(run), 4);
  head.writeBigUInt64LE(microseconds(run.cpuTimeMs), 8);
  head.writeBigUInt64LE(microseconds(run.wallTimeMs), 16);
  head.writeBigUInt64LE(BigInt(Math.min(run.outputBytes, MOST_OUTPUT_BYTES)), 24);
  head.writeBigUInt64LE(BigInt(run.diskBytes), 32);
  head.writeBigUInt64LE(BigInt(run.fileBytes), 40);
  head.writeBigUInt64LE(BigInt(run.stackBytes), 48);
  [run.processes, run.openFiles, run.argv.length, variables.length, strings.length].forEach((value, index) =>
    head.writeUInt32LE(value, 56 + index * 4),
  );
  return frame(REQUEST.run, head, strings, run.stdin);
}

/** Ends the run with that id as `stopped`; harmless when it has ended. */
export function encodeStop(id: number): Buffer {
  const body = Buffer.alloc(4);
  body.writeUInt32LE(id, 0);
  return frame(REQUEST.stop, body);
}

/** Ends the submission: everything of it goes, and the next frame is the hello of another. */
export function encodeEnd(): Buffer {
  return frame(REQUEST.end);
}

/** Nothing larger is ever waited for, whatever a header says. */
function largestBody(type: number): number {
  switch (type) {
    case REPLY.ready:
      return 0;
    case REPLY.result:
      return RESULT_HEAD_BYTES + 3 * MOST_OUTPUT_BYTES;
    case REPLY.fault:
      return MOST_FAULT_BYTES;
    default:
      throw new SupervisorProtocolError(`the supervisor sent a frame of the unknown type ${type}`);
  }
}

function parseResult(body: Buffer): SupervisorReply {
  if (body.length < RESULT_HEAD_BYTES) throw new SupervisorProtocolError('the supervisor sent half a result');
  const ending = ENDINGS[body.readUInt8(4) - 1];
  const flags = body.readUInt8(5);
  const stdoutBytes = body.readUInt32LE(12);
  const stderrBytes = body.readUInt32LE(16);
  const reportBytes = body.readUInt32LE(40);
  if (ending === undefined || flags > 15 || body.readUInt16LE(6) !== 0 || body.readUInt32LE(44) !== 0) {
    throw new SupervisorProtocolError('the supervisor sent a result that means nothing');
  }
  if (RESULT_HEAD_BYTES + stdoutBytes + stderrBytes + reportBytes !== body.length) {
    throw new SupervisorProtocolError('the sizes in a result of the supervisor do not add up');
  }
  const code = body.readUInt32LE(8);
  if (code > 255 || (ending === 'signalled' && (code === 0 || code > 64))) {
    throw new SupervisorProtocolError('the supervisor sent an impossible exit status');
  }
  // Copied: a slice would keep the whole frame in memory as long as any of them.
  const stderrAt = RESULT_HEAD_BYTES + stdoutBytes;
  const stdout = Buffer.from(body.subarray(RESULT_HEAD_BYTES, stderrAt));
  const stderr = Buffer.from(body.subarray(stderrAt, stderrAt + stderrBytes));
  const report = Buffer.from(body.subarray(stderrAt + stderrBytes));
  return {
    type: 'result',
    id: body.readUInt32LE(0),
    ending,
    code,
    cpuTimeMs: Number(body.readBigUInt64LE(24)) / 1000,
    wallTimeMs: Number(body.readBigUInt64LE(32)) / 1000,
    largestProcessKiB: body.readUInt32LE(20),
    stdout,
    stderr,
    report,
    stdoutTruncated: (flags & 1) !== 0,
    stderrTruncated: (flags & 2) !== 0,
    filesKept: (flags & 4) !== 0,
    reportTruncated: (flags & 8) !== 0,
  };
}

function parseReply(type: number, body: Buffer): SupervisorReply {
  if (type === REPLY.ready) return { type: 'ready' };
  if (type === REPLY.result) return parseResult(body);
  if (body.length < 4) throw new SupervisorProtocolError('the supervisor sent half a fault');
  return { type: 'fault', id: body.readUInt32LE(0), reason: body.toString('utf8', 4) };
}

/** Cuts the stream of replies into frames. Holds one frame at most, and never more than a frame may have. */
export class ReplyReader {
  private chunks: Buffer[] = [];
  private held = 0;
  /** Of the frame that is being read; null while its header is not complete. */
  private expected: { readonly type: number; readonly length: number } | null = null;

  /**
   * Takes what has arrived, and gives the replies that are complete.
   * @throws SupervisorProtocolError for anything that is not a reply; nothing may be pushed afterwards.
   */
  push(chunk: Buffer): readonly SupervisorReply[] {
    this.chunks.push(chunk);
    this.held += chunk.length;
    const replies: SupervisorReply[] = [];
    for (;;) {
      if (this.expected === null) {
        const header = this.take(HEADER_BYTES);
        if (header === null) return replies;
        this.expected = parseHeader(header);
      }
      const body = this.take(this.expected.length);
      if (body === null) return replies;
      replies.push(parseReply(this.expected.type, body));
      this.expected = null;
    }
  }

  private take(length: number): Buffer | null {
    if (this.held < length) return null;
    const all = this.chunks.length === 1 && this.chunks[0] !== undefined ? this.chunks[0] : Buffer.concat(this.chunks);
    this.held -= length;
    this.chunks = this.held === 0 ? [] : [all.subarray(length)];
    return all.subarray(0, length);
  }
}

function parseHeader(header: Buffer): { readonly type: number; readonly length: number } {
  const type = header.readUInt8(1);
  const length = header.readUInt32LE(4);
  if (header.readUInt8(0) !== VERSION || header.readUInt16LE(2) !== 0) {
    throw new SupervisorProtocolError('the supervisor speaks another protocol: build it again with npm run build');
  }
  if (length > largestBody(type)) throw new SupervisorProtocolError('the supervisor announced too large a frame');
  return { type, length };
}
