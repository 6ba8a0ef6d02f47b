import { describe, expect, it } from 'vitest';

import {
  encodeEnd,
  encodeHello,
  encodePut,
  encodeRun,
  encodeStop,
  ReplyReader,
  type RunRequest,
  SupervisorProtocolError,
} from '../../../src/sandbox/supervisor-frames.js';

const RUN: RunRequest = {
  id: 7,
  argv: ['/bin/echo', 'ä'],
  environment: { ONE: '1' },
  stdin: Buffer.from('input'),
  keepFiles: true,
  ownNetwork: false,
  isForked: false,
  reports: false,
  showsProtected: false,
  isLast: false,
  cpuTimeMs: 1.5,
  wallTimeMs: 3_000,
  outputBytes: 65_536,
  diskBytes: 1 << 20,
  fileBytes: 2 << 20,
  stackBytes: 64 << 20,
  processes: 9,
  openFiles: 512,
};

function reply(type: number, body: Buffer, { version = 2, length = body.length, zero = 0 } = {}): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(version, 0);
  header.writeUInt8(type, 1);
  header.writeUInt16LE(zero, 2);
  header.writeUInt32LE(length, 4);
  return Buffer.concat([header, body]);
}

interface ResultFields {
  readonly ending?: number;
  readonly flags?: number;
  readonly code?: number;
  readonly stderrBytes?: number;
  readonly reportBytes?: number;
}

function resultBody({ ending = 1, flags = 0, code = 3, stderrBytes = 5, reportBytes = 6 }: ResultFields = {}) {
  const stdout = 'out';
  const stderr = 'error';
  const report = 'report';
  const head = Buffer.alloc(48);
  head.writeUInt32LE(7, 0);
  head.writeUInt8(ending, 4);
  head.writeUInt8(flags, 5);
  head.writeUInt32LE(code, 8);
  head.writeUInt32LE(stdout.length, 12);
  head.writeUInt32LE(stderrBytes, 16);
  head.writeUInt32LE(2_048, 20);
  head.writeBigUInt64LE(1_500n, 24);
  head.writeBigUInt64LE(2_500n, 32);
  head.writeUInt32LE(reportBytes, 40);
  return Buffer.concat([head, Buffer.from(stdout + stderr + report)]);
}

const read = (...chunks: readonly Buffer[]) => {
  const reader = new ReplyReader();
  return chunks.flatMap((chunk) => reader.push(chunk));
};

/** The same numbers in every run, so that a failure can be found again. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function complaintOf(work: () => unknown): unknown {
  try {
    work();
    return null;
  } catch (error) {
    return error;
  }
}

describe('frames for the supervisor', () => {
  it('begin with version, type, zeros and the length of the rest', () => {
    expect([...encodeStop(258)]).toEqual([2, 4, 0, 0, 4, 0, 0, 0, 2, 1, 0, 0]);
    expect([...encodeHello({ joins: 3, mountProc: true, filter: Buffer.alloc(8, 9) })]).toEqual([
      2, 1, 0, 0, 12, 0, 0, 0, 3, 1, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9,
    ]);
  });

  it('carry a file with its path in UTF-8', () => {
    const frame = encodePut({
      path: 'ä/b',
      content: Buffer.from('content'),
      executable: true,
      isProtected: false,
      modifiedAtMs: 258,
    });
    expect(frame.readUInt32LE(4)).toBe(frame.length - 8);
    expect([...frame.subarray(8, 24)]).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0, 0, 0]);
    expect(frame.toString('utf8', 24)).toBe('ä/bcontent');
  });

  it('end a submission', () => {
    expect([...encodeEnd()]).toEqual([2, 5, 0, 0, 0, 0, 0, 0]);
  });

  it('say of a file and of a program what they may', () => {
    const file = { path: 'a', content: Buffer.alloc(0), executable: false, modifiedAtMs: 0 };
    expect(encodePut({ ...file, isProtected: true })[18]).toBe(2);
    const all = {
      keepFiles: true,
      ownNetwork: true,
      isForked: true,
      reports: true,
      showsProtected: true,
      isLast: true,
    };
    expect(encodeRun({ ...RUN, ...all }).readUInt32LE(12)).toBe(63);
    expect(encodeRun({ ...RUN, keepFiles: false, isForked: true }).readUInt32LE(12)).toBe(4);
  });

  it('carry a program: limits, strings, input', () => {
    const frame = encodeRun(RUN);
    expect(frame.readUInt32LE(8)).toBe(7);
    expect(frame.readUInt32LE(12)).toBe(1);
    expect(frame.readBigUInt64LE(16)).toBe(1_500n);
    expect(Array.from({ length: 5 }, (_, index) => frame.readUInt32LE(64 + index * 4))).toEqual([9, 512, 2, 1, 19]);
    expect(frame.toString('utf8', 88)).toBe('/bin/echo\0ä\0ONE=1\0input');
  });

  it.each([
    ['a NUL byte in an argument', { argv: ['a\0b'] }],
    ['a NUL byte in a variable', { environment: { ONE: 'a\0' } }],
    ['a name that is none', { environment: { 'A=B': '' } }],
    ['no argument', { argv: [] }],
    ['too many arguments', { argv: Array.from({ length: 5_000 }, () => 'x') }],
    ['too long arguments', { argv: ['x'.repeat(2 << 20)] }],
  ])('are refused for %s', (_, change) => {
    expect(() => encodeRun({ ...RUN, ...change })).toThrow(/argument|variable/);
  });

  it('are refused for a path without end', () => {
    const file = { content: Buffer.alloc(0), executable: false, isProtected: false, modifiedAtMs: 0 };
    expect(() => encodePut({ ...file, path: 'x'.repeat(5_000) })).toThrow('path');
    expect(() => encodePut({ ...file, path: '' })).toThrow('path');
  });
});

describe('replies of the supervisor', () => {
  const result = {
    type: 'result',
    id: 7,
    ending: 'exited',
    code: 3,
    cpuTimeMs: 1.5,
    wallTimeMs: 2.5,
    largestProcessKiB: 2_048,
    stdout: Buffer.from('out'),
    stderr: Buffer.from('error'),
    report: Buffer.from('report'),
    stdoutTruncated: false,
    stderrTruncated: false,
    reportTruncated: false,
    filesKept: false,
  };

  it('are read whole, and however they are cut', () => {
    const stream = Buffer.concat([
      reply(129, Buffer.alloc(0)),
      reply(130, resultBody()),
      reply(131, Buffer.from('\x07\0\0\0why')),
    ]);
    const expected = [{ type: 'ready' }, result, { type: 'fault', id: 7, reason: 'why' }];
    expect(read(stream)).toEqual(expected);
    expect(read(...[...stream].map((byte) => Buffer.from([byte])))).toEqual(expected);
    for (let cut = 0; cut <= stream.length; cut += 1) {
      expect(read(stream.subarray(0, cut), stream.subarray(cut))).toEqual(expected);
    }
  });

  it('tell what was cut and kept', () => {
    expect(read(reply(130, resultBody({ flags: 5, ending: 6, code: 0 })))).toMatchObject([
      { ending: 'output_limit', stdoutTruncated: true, stderrTruncated: false, filesKept: true },
    ]);
  });

  it.each([
    ['another version', reply(129, Buffer.alloc(0), { version: 1 })],
    ['bytes that must be zero', reply(129, Buffer.alloc(0), { zero: 1 })],
    ['an unknown type', reply(5, Buffer.alloc(0))],
    ['more than nothing with ready', reply(129, Buffer.alloc(1))],
    ['a frame without end', reply(130, Buffer.alloc(0), { length: 0xffffffff })],
    ['words without end', reply(131, Buffer.alloc(0), { length: 100_000 })],
    ['half a result', reply(130, Buffer.alloc(47))],
    ['half a fault', reply(131, Buffer.alloc(3))],
    ['no ending', reply(130, resultBody({ ending: 0 }))],
    ['an unknown ending', reply(130, resultBody({ ending: 8 }))],
    ['unknown flags', reply(130, resultBody({ flags: 16 }))],
    ['sizes that do not add up', reply(130, resultBody({ stderrBytes: 6 }))],
    ['sizes that would wrap around', reply(130, resultBody({ stderrBytes: 0xffffffff }))],
    ['a report that is not all there', reply(130, resultBody({ reportBytes: 7 }))],
    ['an impossible status', reply(130, resultBody({ code: 256 }))],
    ['an impossible signal', reply(130, resultBody({ ending: 2, code: 65 }))],
  ])('are refused for %s', (_, bytes) => {
    expect(() => read(bytes)).toThrow(SupervisorProtocolError);
  });

  it('of random bytes are replies or refused, and nothing else', () => {
    const random = randomNumbers(1);
    const valid = Buffer.concat([
      reply(129, Buffer.alloc(0)),
      reply(130, resultBody()),
      reply(131, Buffer.from('\x07\0\0\0why')),
    ]);
    for (let round = 0; round < 5_000; round += 1) {
      const bytes = Buffer.from(valid);
      for (let change = random(6); change >= 0; change -= 1) bytes[random(bytes.length)] = random(256);
      const start = random(3) === 0 ? random(bytes.length) : 0;
      const complaint = complaintOf(() => read(bytes.subarray(start, start + 20), bytes.subarray(start + 20)));
      expect(complaint === null || complaint instanceof SupervisorProtocolError).toBe(true);
    }
  });
});
