import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository, SelectQueryBuilder } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { Transactions } from '../database/transactions.js';
import { presentFields } from '../http/present-fields.js';
import { findPage, mapPage, type Page } from '../http/page.js';
import { AuditEntry } from './audit-entry.entity.js';
import { AuditLog } from './audit-log.js';
import { AuditEntryDto } from './dto/audit-entry.dto.js';
import type { AuditFilterDto } from './dto/list-audit.dto.js';

const BATCH = 500;

/** Reads what was done. */
@Injectable()
export class AuditService {
  constructor(
    @InjectRepository(AuditEntry) private readonly entries: Repository<AuditEntry>,
    private readonly transactions: Transactions,
    private readonly log: AuditLog,
  ) {}

  async list(filter: AuditFilterDto): Promise<Page<AuditEntryDto>> {
    return mapPage(await findPage(this.matching(filter), 'entry', filter), (entry) => AuditEntryDto.from(entry));
  }

  /**
   * All that match, the oldest first, as lines of JSON, read while they are written so that their number does not matter. Taking them
   * away is on record itself.
   */
  async export(user: Principal, filter: AuditFilterDto): Promise<Readable> {
    const { limit: _limit, cursor: _cursor, ...asked } = presentFields(filter);
    await this.transactions.run((manager) =>
      this.log.record(manager, {
        actorId: user.userId,
        action: 'audit.exported',
        targetType: 'audit',
        targetId: user.userId,
        courseId: filter.courseId ?? null,
        detail: asked,
      }),
    );
    return Readable.from(this.lines(filter), { objectMode: false });
  }

  private async *lines(filter: AuditFilterDto): AsyncGenerator<string, void> {
    let after = '';
    for (;;) {
      const entries = await this.matching(filter)
        .andWhere('entry.id > :after', { after })
        .orderBy('entry.id', 'ASC')
        .limit(BATCH)
        .getMany();
      if (entries.length > 0) yield entries.map((entry) => `${JSON.stringify(AuditEntryDto.from(entry))}\n`).join('');
      const last = entries.at(-1);
      if (last === undefined || entries.length < BATCH) return;
      after = last.id;
    }
  }

  private matching(filter: AuditFilterDto): SelectQueryBuilder<AuditEntry> {
    const query = this.entries.createQueryBuilder('entry');
    for (const name of ['actorId', 'targetType', 'targetId', 'courseId'] as const) {
      const value = filter[name];
      if (value !== undefined) query.andWhere(`entry.${name} = :${name}`, { [name]: value.toLowerCase() });
    }
    const { action, since, until } = filter;
    if (action?.includes('.') === true) query.andWhere('entry.action = :action', { action });
    else if (action !== undefined) query.andWhere('entry.action LIKE :action', { action: `${action}.%` });
    if (since !== undefined) query.andWhere('entry.at >= :since', { since });
    if (until !== undefined) query.andWhere('entry.at < :until', { until });
    return query;
  }
}
