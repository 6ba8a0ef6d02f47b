/**
 * The system-call filter of the sandbox: a classic BPF program as the kernel takes it (`struct sock_filter`, eight bytes
 * each, little-endian), for `bwrap --seccomp`.
 *
 * A list of what is refused, not of what is allowed: students' programs come in any language, and an allow-list breaks with
 * the next C library. Namespaces and the missing capabilities carry the isolation; the filter removes what these leave open
 * (new user namespaces, keyrings, vsock, io_uring, ptrace) and the parts of the kernel with the worst history.
 *
 * Sources: `linux/seccomp.h`, `linux/filter.h`, `linux/audit.h`; call numbers from the kernel's `unistd_64.h` (x86-64) and
 * `asm-generic/unistd.h` (arm64).
 */

export type SeccompArchitecture = 'x64' | 'arm64';

/** Offsets in `struct seccomp_data`. Arguments are 64 bits wide; the low half comes first on both architectures. */
const OFFSET_NUMBER = 0;
const OFFSET_ARCHITECTURE = 4;
const OFFSET_ARGUMENT_0 = 16;
const OFFSET_ARGUMENT_1 = 24;
const OFFSET_ARGUMENT_2 = 32;

const LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
const JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
const JUMP_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
const JUMP_ANY_BIT = 0x45; // BPF_JMP | BPF_JSET | BPF_K
const RETURN = 0x06; // BPF_RET | BPF_K

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const ERRNO = 0x00050000;

const EPERM = 1;
const ENOSYS = 38;
const EPROTONOSUPPORT = 93;
const EAFNOSUPPORT = 97;

const AUDIT_ARCHITECTURE: Readonly<Record<SeccompArchitecture, number>> = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** x32 programs use the x86-64 architecture value and numbers from here on, which would slip past every comparison. */
const X32_BIT = 0x40000000;

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const CLONE_NEW_FLAGS = 0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;

/** Others (vsock, netlink, packet, alg, bluetooth…) are not confined by a network namespace. */
const AF_UNIX = 1;
const INTERNET_FAMILIES: readonly number[] = [2, 10];

/**
 * The usual one for the type, TCP, UDP. Any other (MPTCP, SCTP, DCCP, UDP-Lite, L2TP…) would let a program make the kernel
 * load a module and run code that nobody's homework needs.
 */
const INTERNET_PROTOCOLS: readonly number[] = [0, 6, 17];

/** TIOCSTI types into somebody's terminal, TIOCLINUX pastes into a console. */
const TERMINAL_REQUESTS: readonly number[] = [0x5412, 0x541c];

interface CallNumbers {
  readonly x64: number | null;
  readonly arm64: number | null;
}

const call = (x64: number | null, arm64: number | null): CallNumbers => ({ x64, arm64 });

/** Refused with EPERM. Not `mknod`: `mkfifo` needs it, and device nodes are refused by the user namespace anyway. */
const REFUSED: Readonly<Record<string, CallNumbers>> = {
  _sysctl: call(156, null),
  acct: call(163, 89),
  add_key: call(248, 217),
  adjtimex: call(159, 171),
  bpf: call(321, 280),
  chroot: call(161, 51),
  clock_adjtime: call(305, 266),
  clock_settime: call(227, 112),
  create_module: call(174, null),
  delete_module: call(176, 106),
  fanotify_init: call(300, 262),
  finit_module: call(313, 273),
  fsconfig: call(431, 431),
  fsmount: call(432, 432),
  fsopen: call(430, 430),
  fspick: call(433, 433),
  init_module: call(175, 105),
  io_uring_enter: call(426, 426),
  io_uring_register: call(427, 427),
  io_uring_setup: call(425, 425),
  ioperm: call(173, null),
  iopl: call(172, null),
  kcmp: call(312, 272),
  kexec_file_load: call(320, 294),
  kexec_load: call(246, 104),
  keyctl: call(250, 219),
  lookup_dcookie: call(212, 18),
  mbind: call(237, 235),
  memfd_secret: call(447, 447),
  migrate_pages: call(256, 238),
  modify_ldt: call(154, null),
  mount: call(165, 40),
  mount_setattr: call(442, 442),
  move_mount: call(429, 429),
  move_pages: call(279, 239),
  name_to_handle_at: call(303, 264),
  nfsservctl: call(180, 42),
  open_by_handle_at: call(304, 265),
  open_tree: call(428, 428),
  open_tree_attr: call(467, 467),
  perf_event_open: call(298, 241),
  personality: call(135, 92),
  pidfd_getfd: call(438, 438),
  pivot_root: call(155, 41),
  process_madvise: call(440, 440),
  process_mrelease: call(448, 448),
  process_vm_readv: call(310, 270),
  process_vm_writev: call(311, 271),
  ptrace: call(101, 117),
  quotactl: call(179, 60),
  quotactl_fd: call(443, 443),
  reboot: call(169, 142),
  request_key: call(249, 218),
  set_mempolicy: call(238, 237),
  set_mempolicy_home_node: call(450, 450),
  setdomainname: call(171, 162),
  sethostname: call(170, 161),
  setns: call(308, 268),
  settimeofday: call(164, 170),
  swapoff: call(168, 225),
  swapon: call(167, 224),
  sysfs: call(139, null),
  syslog: call(103, 116),
  umount2: call(166, 39),
  unshare: call(272, 97),
  uselib: call(134, null),
  userfaultfd: call(323, 282),
  ustat: call(136, null),
  vhangup: call(153, 58),
  vmsplice: call(278, 75),
};

const CLONE = call(56, 220);
const CLONE3 = call(435, 435);
const SOCKET = call(41, 198);
const SOCKETPAIR = call(53, 199);
const IOCTL = call(16, 29);
const PRLIMIT = call(302, 261);

/**
 * In a program's own process namespace the sandbox's, which has its user: with a CPU limit of its own, a program could have
 * the kernel kill it, and be taken for a sandbox that failed.
 */
const FIRST_PROCESS = 1;

type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

const refuse = (errorNumber: number): Instruction => [RETURN, 0, 0, ERRNO | errorNumber];
const allow: Instruction = [RETURN, 0, 0, ALLOW];
const load = (offset: number): Instruction => [LOAD_WORD, 0, 0, offset];

/** Returns what `body` says when the loaded word is one of `values`. */
function whenOneOf(values: readonly number[], body: readonly Instruction[]): readonly Instruction[] {
  return values.flatMap((value): Instruction[] => [[JUMP_EQUAL, 0, body.length, value], ...body]);
}

/** Of a call that takes family, type and protocol. The kernel takes ints: the low halves are all that it looks at. */
const FAMILY_AND_PROTOCOL: readonly Instruction[] = [
  load(OFFSET_ARGUMENT_0),
  ...whenOneOf([AF_UNIX], [allow]),
  ...whenOneOf(INTERNET_FAMILIES, [
    load(OFFSET_ARGUMENT_2),
    ...whenOneOf(INTERNET_PROTOCOLS, [allow]),
    refuse(EPROTONOSUPPORT),
  ]),
  refuse(EAFNOSUPPORT),
];

/** Runs `body` when the loaded call number equals; every body ends in a return. */
function whenCall(number: number, body: readonly Instruction[]): readonly Instruction[] {
  return [[JUMP_EQUAL, 0, body.length, number], ...body];
}

function number(numbers: CallNumbers, architecture: SeccompArchitecture): number {
  const value = numbers[architecture];
  if (value === null) throw new Error(`no such system call on ${architecture}`);
  return value;
}

/** Null for an architecture that no table was made for; the sandbox then runs without a filter and says so. */
export function seccompArchitecture(nodeArchitecture: string): SeccompArchitecture | null {
  return nodeArchitecture === 'x64' || nodeArchitecture === 'arm64' ? nodeArchitecture : null;
}

/** The filter program, ready to be written to the descriptor that `bwrap --seccomp` reads. */
export function buildSeccompFilter(architecture: SeccompArchitecture): Buffer {
  const program: Instruction[] = [
    load(OFFSET_ARCHITECTURE),
    [JUMP_EQUAL, 1, 0, AUDIT_ARCHITECTURE[architecture]],
    // Another calling convention has other numbers; no honest program of a 64-bit system needs one.
    [RETURN, 0, 0, KILL_PROCESS],
    load(OFFSET_NUMBER),
  ];
  if (architecture === 'x64') program.push([JUMP_AT_LEAST, 0, 1, X32_BIT], refuse(ENOSYS));

  program.push(
    // Its flags lie in memory, where a filter cannot look. ENOSYS makes the C library fall back to clone.
    ...whenCall(number(CLONE3, architecture), [refuse(ENOSYS)]),
    ...whenCall(number(CLONE, architecture), [
      load(OFFSET_ARGUMENT_0),
      [JUMP_ANY_BIT, 0, 1, CLONE_NEW_FLAGS],
      refuse(EPERM),
      allow,
    ]),
    ...whenCall(number(SOCKET, architecture), FAMILY_AND_PROTOCOL),
    // It makes sockets of the family before it finds that they cannot be a pair.
    ...whenCall(number(SOCKETPAIR, architecture), FAMILY_AND_PROTOCOL),
    // The kernel looks at the low 32 bits of the request only, as this does.
    ...whenCall(number(IOCTL, architecture), [
      load(OFFSET_ARGUMENT_1),
      ...TERMINAL_REQUESTS.flatMap((request): Instruction[] => [[JUMP_EQUAL, 0, 1, request], refuse(EPERM)]),
      allow,
    ]),
    ...whenCall(number(PRLIMIT, architecture), [
      load(OFFSET_ARGUMENT_0),
      [JUMP_EQUAL, 0, 1, FIRST_PROCESS],
      refuse(EPERM),
      allow,
    ]),
  );
  for (const numbers of Object.values(REFUSED)) {
    const value = numbers[architecture];
    if (value !== null) program.push(...whenCall(value, [refuse(EPERM)]));
  }
  program.push(allow);

  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, ifTrue, ifFalse, operand], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, index * 8 + 4);
  });
  return bytes;
}
