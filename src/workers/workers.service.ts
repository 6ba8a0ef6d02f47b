import { Injectable, Logger } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { databaseNow } from '../database/database-clock.js';
import { Transactions } from '../database/transactions.js';
import { DomainError } from '../errors/domain-error.js';
import type { ListQueryDto } from '../http/list-query.dto.js';
import { findPage, type Page } from '../http/page.js';
import { GradingRun } from '../submissions/grading-run.entity.js';
import { WorkerDto } from './dto/worker.dto.js';
import { WorkerProcess } from './worker-process.entity.js';
import { WorkerRows } from './worker-rows.js';
import type { WorkerWish } from './worker-state.js';

/** More than workers of a page grade at a time. */
const MOST_RUNS = 25_600;

const ACTIONS = { pause: 'worker.paused', drain: 'worker.drained', run: 'worker.resumed' } as const;

/** Tells administrators what the workers do, and workers what administrators want. */
@Injectable()
export class WorkersService {
  private readonly logger = new Logger(WorkersService.name);

  constructor(
    @InjectRepository(WorkerProcess) private readonly workers: Repository<WorkerProcess>,
    @InjectRepository(GradingRun) private readonly runs: Repository<GradingRun>,
    private readonly rows: WorkerRows,
    private readonly transactions: Transactions,
    private readonly audit: AuditLog,
  ) {}

  async list(list: ListQueryDto): Promise<Page<WorkerDto>> {
    const page = await findPage(this.workers.createQueryBuilder('worker'), 'worker', list);
    return { items: await this.shown(page.items), nextCursor: page.nextCursor };
  }

  async get(id: string): Promise<WorkerDto> {
    return this.showOne(await this.workers.findOneBy({ id }));
  }

  /** Takes effect when the worker next looks, within two seconds. Harmless the second time. */
  async steer(id: string, wish: WorkerWish, by: Principal): Promise<WorkerDto> {
    const worker = await this.transactions.run(async (manager) => {
      const found = await this.rows.want(manager, id, wish);
      if (found === null) return null;
      await this.audit.record(manager, {
        actorId: by.userId,
        action: ACTIONS[wish],
        targetType: 'worker',
        targetId: id,
        courseId: null,
        detail: { name: found.name },
      });
      return found;
    });
    if (worker !== null) this.logger.log({ worker: worker.name, wish, userId: by.userId }, 'A worker was steered');
    return this.showOne(worker);
  }

  private async showOne(worker: WorkerProcess | null): Promise<WorkerDto> {
    const [shown] = worker === null ? [] : await this.shown([worker]);
    if (shown === undefined) throw DomainError.notFound('worker');
    return shown;
  }

  private async shown(workers: readonly WorkerProcess[]): Promise<WorkerDto[]> {
    if (workers.length === 0) return [];
    const [now, runs] = await Promise.all([
      databaseNow(this.workers.manager),
      this.runs.find({
        select: { id: true, submissionId: true, startedAt: true, leaseOwner: true },
        where: { status: 'running', leaseOwner: In(workers.map(({ leaseOwner }) => leaseOwner)) },
        order: { startedAt: 'ASC' },
        take: MOST_RUNS,
      }),
    ]);
    return workers.map((worker) =>
      WorkerDto.from(
        worker,
        runs.filter(({ leaseOwner }) => leaseOwner === worker.leaseOwner),
        now,
      ),
    );
  }
}
