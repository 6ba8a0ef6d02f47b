import { And, type EntityManager, IsNull, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditHead, HEAD_ID } from './audit-head.entity.js';
import { FIRST_HASH, hashOfEntry } from './entry-hash.js';

const BATCH = 1_000;
const MOST_FAULTS = 20;

/** What a look at the whole chain found. */
export interface ChainReport {
  /** Entries in the chain. */
  readonly entries: number;
  /** Entries from before the chain began: nothing tells whether they are whole. */
  readonly older: number;
  /** Number and hash of the last entry. To be kept elsewhere, and asked for the next time. */
  readonly head: { readonly sequence: number; readonly hash: string };
  /** What is wrong, in words, the first twenty; empty where nothing is. */
  readonly faults: readonly string[];
}

/**
 * Reads the chain of audit entries from its beginning and works out every hash anew.
 *
 * @param expectedHash a head that was kept: the chain must lead over it, or nothing but it
 * @param progress called after each thousand entries with how many were read
 */
export async function verifyChain(
  manager: EntityManager,
  { expectedHash, progress }: { readonly expectedHash?: string; readonly progress?: (read: number) => void } = {},
): Promise<ChainReport> {
  // Before the entries: what is added meanwhile lies behind it.
  const head = await manager.findOneByOrFail(AuditHead, { id: HEAD_ID });
  const walk = new Walk(expectedHash ?? null);
  for (;;) {
    const entries = await manager
      .createQueryBuilder(AuditEntry, 'entry')
      .where('entry.sequence > :after AND entry.sequence <= :last', { after: walk.sequence, last: head.sequence })
      .orderBy('entry.sequence', 'ASC')
      .limit(BATCH)
      .getMany();
    for (const entry of entries) walk.take(entry);
    if (entries.length < BATCH) break;
    progress?.(walk.entries);
  }
  walk.end(head);
  const outside = manager.createQueryBuilder(AuditEntry, 'entry').where('entry.sequence IS NULL');
  const older = walk.firstId === null ? outside : outside.clone().andWhere('entry.id < :id', { id: walk.firstId });
  const [all, before] = await Promise.all([outside.getCount(), older.getCount()]);
  if (all > before) walk.fault(`${all - before} entries that are newer than the chain are not part of it`);
  const beyond = await countBeyond(manager);
  if (beyond > 0) walk.fault(`${beyond} entries stand behind the end of the chain`);
  return {
    entries: walk.entries,
    older: before,
    head: { sequence: head.sequence, hash: head.hash },
    faults: walk.faults.slice(0, MOST_FAULTS),
  };
}

/** The entries first and the end of the chain afterwards: what is being added just now is not behind it. */
async function countBeyond(manager: EntityManager): Promise<number> {
  const [last] = await manager.find(AuditEntry, {
    select: { id: true, sequence: true },
    where: { sequence: Not(IsNull()) },
    order: { sequence: 'DESC' },
    take: 1,
  });
  const { sequence } = await manager.findOneByOrFail(AuditHead, { id: HEAD_ID });
  if (last === undefined || last.sequence === null || last.sequence <= sequence) return 0;
  return manager.countBy(AuditEntry, { sequence: And(MoreThan(sequence), LessThanOrEqual(last.sequence)) });
}

class Walk {
  entries = 0;
  sequence = 0;
  firstId: string | null = null;
  readonly faults: string[] = [];
  private hash = FIRST_HASH;
  private hasMetExpected: boolean;

  constructor(private readonly expectedHash: string | null) {
    this.hasMetExpected = expectedHash === null || expectedHash === FIRST_HASH;
  }

  take(entry: AuditEntry): void {
    const { sequence, hash, id } = entry;
    if (sequence === null) return;
    this.firstId ??= id;
    if (sequence > this.sequence + 1) {
      const missing =
        this.sequence + 1 === sequence - 1
          ? `entry ${sequence - 1} is`
          : `entries ${this.sequence + 1} to ${sequence - 1} are`;
      this.fault(`${missing} missing`);
    } else if (hashOfEntry(this.hash, entry) !== hash) {
      this.fault(`entry ${sequence} (${entry.id}) is not what was written, or does not belong behind the one before`);
    }
    this.entries += 1;
    this.sequence = sequence;
    // What stands there, so that one fault is told once and not of all that follow.
    this.hash = hash ?? '';
    if (this.hash === this.expectedHash) this.hasMetExpected = true;
  }

  end(head: { readonly sequence: number; readonly hash: string }): void {
    if (this.sequence < head.sequence) {
      const missing =
        head.sequence - this.sequence === 1
          ? `entry ${head.sequence} is`
          : `entries ${this.sequence + 1} to ${head.sequence} are`;
      this.fault(`${missing} missing at the end`);
    } else if (this.hash !== head.hash) {
      this.fault('the last entry is not the one that the end of the chain names');
    }
    if (this.hasMetExpected) return;
    this.fault('the chain does not lead over the head that was asked for: it was written anew');
  }

  fault(text: string): void {
    this.faults.push(text);
  }
}
