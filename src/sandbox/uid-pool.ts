import { readFileSync } from 'node:fs';

/**
 * Users that programs run as when the worker is root: 60578–61182. systemd's table of user numbers leaves this range
 * unused (`systemd/systemd:docs/UIDS-GIDS.md`), useradd ends at 60000, and it lies below 65536, so it exists in user
 * namespaces of containers too. Numbers that this machine's `/etc/passwd` or `/etc/group` name are skipped.
 */
const FIRST_UID = 60_578;
const LAST_UID = 61_182;

/**
 * Who user 0 of a container is outside, when the worker is root: nobody's number either, and never a program's. OCI runtimes
 * such as runc need a user 0 while they build a container; what owns the container is then not what runs in it.
 */
export const CONTAINER_ROOT_UID = LAST_UID + 1;

/** One place for a session. No two open sessions of a worker have the same, so that they cannot reach each other. */
export interface Slot {
  readonly index: number;
  /** User and group to run as; null: as the worker itself, which is then not root. */
  readonly uid: number | null;
}

function namedNumbers(file: string): readonly number[] {
  try {
    return readFileSync(file, 'latin1')
      .split('\n')
      .map((line) => Number(line.split(':')[2]));
  } catch {
    return [];
  }
}

/** Hands out slots, lowest first. */
export class SlotPool {
  private readonly free: Slot[];

  /**
   * @param dropTo true when the worker is root: every slot then has a user of its own.
   * @param offset turns the range, so that two workers of one machine seldom share a user.
   */
  constructor(size: number, dropTo: boolean, offset = 0) {
    if (!dropTo) {
      this.free = Array.from({ length: size }, (_, index) => ({ index, uid: null }));
      return;
    }
    const taken = new Set([...namedNumbers('/etc/passwd'), ...namedNumbers('/etc/group')]);
    const range = Array.from({ length: LAST_UID - FIRST_UID + 1 }, (_, index) => FIRST_UID + index);
    const start = offset % range.length;
    this.free = [...range.slice(start), ...range.slice(0, start)]
      .filter((uid) => !taken.has(uid))
      .slice(0, size)
      .map((uid, index) => ({ index, uid }));
  }

  /** Null when every slot is in use. */
  acquire(): Slot | null {
    return this.free.shift() ?? null;
  }

  release(slot: Slot): void {
    this.free.push(slot);
    this.free.sort((one, other) => one.index - other.index);
  }
}
