import { describe, expect, it } from 'vitest';

import {
  buildSeccompFilter,
  seccompArchitecture,
  type SeccompArchitecture,
} from '../../../src/sandbox/seccomp-filter.js';

const AUDIT = { x64: 0xc000003e, arm64: 0xc00000b7, i386: 0x40000003 } as const;

const ALLOW = 'allow';
const KILL = 'kill';
const EPERM = 1;
const ENOSYS = 38;
const EPROTONOSUPPORT = 93;
const EAFNOSUPPORT = 97;

interface Call {
  readonly architecture?: number;
  readonly number: number;
  readonly arguments?: readonly (number | bigint)[];
}

/** Does what the kernel does with a filter: `struct seccomp_data` in, a decision out. Knows the instructions that we use. */
function decide(filter: Buffer, call: Call): typeof ALLOW | typeof KILL | number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call.number >>> 0, 0);
  data.writeUInt32LE(call.architecture ?? AUDIT.x64, 4);
  call.arguments?.forEach((value, index) => data.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), 16 + index * 8));
  let accumulator = 0;
  for (let at = 0; at * 8 < filter.length; at += 1) {
    const code = filter.readUInt16LE(at * 8);
    const ifTrue = filter.readUInt8(at * 8 + 2);
    const ifFalse = filter.readUInt8(at * 8 + 3);
    const operand = filter.readUInt32LE(at * 8 + 4);
    if (code === 0x20) accumulator = data.readUInt32LE(operand);
    else if (code === 0x15) at += accumulator === operand ? ifTrue : ifFalse;
    else if (code === 0x35) at += accumulator >= operand ? ifTrue : ifFalse;
    else if (code === 0x45) at += (accumulator & operand) !== 0 ? ifTrue : ifFalse;
    else if (code === 0x06) return operand === 0x7fff0000 ? ALLOW : operand === 0x80000000 ? KILL : operand & 0xffff;
    else throw new Error(`instruction ${code}`);
  }
  throw new Error('the program runs off its end');
}

describe('the system-call filter', () => {
  const filter = buildSeccompFilter('x64');
  const x64 = (number: number, ...values: (number | bigint)[]) => decide(filter, { number, arguments: values });

  it('lets ordinary calls through', () => {
    for (const number of [0, 1, 2, 9, 39, 57, 59, 157, 202, 231, 257, 334]) expect(x64(number)).toBe(ALLOW);
  });

  it('kills a program of another architecture, whose numbers mean something else', () => {
    expect(decide(filter, { architecture: AUDIT.i386, number: 1 })).toBe(KILL);
    expect(decide(filter, { architecture: AUDIT.arm64, number: 1 })).toBe(KILL);
  });

  it('knows no x32 calls', () => {
    expect(x64(0x40000000 | 39)).toBe(ENOSYS);
    expect(x64(-1)).toBe(ENOSYS);
  });

  it('refuses new namespaces in every way to ask for one', () => {
    const flags = {
      NEWNS: 0x20000,
      NEWCGROUP: 0x2000000,
      NEWUTS: 0x4000000,
      NEWIPC: 0x8000000,
      NEWUSER: 0x10000000,
      NEWPID: 0x20000000,
      NEWNET: 0x40000000,
    };
    for (const flag of Object.values(flags)) expect(x64(56, flag | 17)).toBe(EPERM);
    expect(x64(272, 0x10000000)).toBe(EPERM); // unshare
    expect(x64(308, 3, 0)).toBe(EPERM); // setns
    expect(x64(435, 0x7fff0000, 88)).toBe(ENOSYS); // clone3: the C library then uses clone
  });

  it('lets threads and processes be made', () => {
    expect(x64(56, 0x3d0f00)).toBe(ALLOW); // pthread_create
    expect(x64(56, 0x1200011)).toBe(ALLOW); // fork
  });

  it.each([
    ['sockets', 41, 198],
    ['pairs of sockets', 53, 199],
  ])('lets only local and internet %s be made', (_name, onX64, onArm64) => {
    for (const family of [1, 2, 10]) expect(x64(onX64, family, 1, 0)).toBe(ALLOW);
    for (const family of [0, 3, 16, 17, 29, 30, 31, 38, 40, 44]) expect(x64(onX64, family, 1, 0)).toBe(EAFNOSUPPORT);
    // The kernel takes an int: what stands above does not make another family of it.
    expect(x64(onX64, 0x1_0000_0028n)).toBe(EAFNOSUPPORT);
    const arm64 = buildSeccompFilter('arm64');
    expect(decide(arm64, { architecture: AUDIT.arm64, number: onArm64, arguments: [40, 1, 0] })).toBe(EAFNOSUPPORT);
  });

  it('lets internet sockets speak TCP and UDP only', () => {
    for (const family of [2, 10]) {
      for (const protocol of [0, 6, 17]) expect(x64(41, family, 1, protocol)).toBe(ALLOW);
      for (const protocol of [1, 33, 58, 115, 132, 136, 255, 256, 262]) {
        expect(x64(41, family, 1, protocol)).toBe(EPROTONOSUPPORT);
      }
      expect(x64(41, family, 1, 0x1_0000_0106n)).toBe(EPROTONOSUPPORT);
    }
  });

  it('refuses to type into a terminal', () => {
    expect(x64(16, 0, 0x5412)).toBe(EPERM);
    expect(x64(16, 0, 0x541c)).toBe(EPERM);
    expect(x64(16, 0, 0x1_0000_5412n)).toBe(EPERM);
    expect(x64(16, 0, 0x5401)).toBe(ALLOW);
  });

  it('lets a program limit itself and its own processes, but not the first one, which is ours', () => {
    for (const pid of [0, 2, 3, 4_194_304]) expect(x64(302, pid)).toBe(ALLOW);
    expect(x64(302, 1)).toBe(EPERM);
    // The kernel takes an int.
    expect(x64(302, 0x1_0000_0001n)).toBe(EPERM);
    expect(decide(buildSeccompFilter('arm64'), { architecture: AUDIT.arm64, number: 261, arguments: [1] })).toBe(EPERM);
  });

  it.each([
    ['ptrace', 101, 117],
    ['mount', 165, 40],
    ['bpf', 321, 280],
    ['keyctl', 250, 219],
    ['io_uring_setup', 425, 425],
    ['userfaultfd', 323, 282],
    ['perf_event_open', 298, 241],
    ['process_vm_writev', 311, 271],
    ['pidfd_getfd', 438, 438],
    ['open_by_handle_at', 304, 265],
  ])('refuses %s on both architectures', (_name, onX64, onArm64) => {
    expect(x64(onX64)).toBe(EPERM);
    expect(decide(buildSeccompFilter('arm64'), { architecture: AUDIT.arm64, number: onArm64 })).toBe(EPERM);
  });

  it.each(['x64', 'arm64'] satisfies SeccompArchitecture[])(
    'is a program that the kernel takes on %s',
    (architecture) => {
      const program = buildSeccompFilter(architecture);
      expect(program.length % 8).toBe(0);
      expect(program.length / 8).toBeLessThan(4096);
      for (let number = 0; number < 500; number += 1) {
        expect(() => decide(program, { architecture: AUDIT[architecture], number })).not.toThrow();
      }
    },
  );

  it('exists for two architectures', () => {
    expect(seccompArchitecture('x64')).toBe('x64');
    expect(seccompArchitecture('arm64')).toBe('arm64');
    expect(seccompArchitecture('ppc64')).toBeNull();
  });
});
