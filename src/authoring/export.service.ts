import { Injectable, StreamableFile } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { AssignmentAccess } from '../assignments/assignment-access.js';
import type { Assignment } from '../assignments/assignment.entity.js';
import { GradingVersions } from '../assignments/grading-versions.js';
import type { Principal } from '../auth/principal.js';
import { DomainError } from '../errors/domain-error.js';
import { writeAssayPackage } from '../packages/assay/write-assay-package.js';
import { MemoryBudget } from '../submissions/memory-budget.js';
import { ModelFiles } from './model-files.js';
import { ModelSubmission } from './model-submission.entity.js';
import { packZip } from './pack-zip.js';
import { expectationOf } from './verification-results.js';

const MIB = 1024 * 1024;
/** What is read from the storage, and the archive. */
const COPIES = 2;

/** Gives an assignment as a package of Assay's own format. */
@Injectable()
export class ExportService {
  private readonly memory = new MemoryBudget({ bytes: 256 * MIB, freeBytes: 8 * MIB, mostWaiting: 50 });

  constructor(
    @InjectRepository(ModelSubmission) private readonly models: Repository<ModelSubmission>,
    private readonly access: AssignmentAccess,
    private readonly versions: GradingVersions,
    private readonly files: ModelFiles,
  ) {}

  async export(user: Principal, assignmentId: string): Promise<StreamableFile> {
    const { assignment, standing } = await this.access.getVisible(user, assignmentId);
    if (!standing.isStaff) {
      throw new DomainError('forbidden', 'staff_only', 'Only the staff of this course may do this.');
    }
    const { source } = await this.versions.forAssignment(assignment);
    const rows = await this.models.find({ where: { assignmentId }, order: { path: 'ASC' } });
    const bytes = rows.reduce((sum, { byteCount }) => sum + byteCount, 0);
    const packed = await this.memory.run(COPIES * bytes, async () => {
      const models = [];
      for (const row of rows) {
        const { path, runtime } = row;
        models.push({ path, runtime, expected: expectationOf(row), files: await this.files.get(row) });
      }
      const { instructions } = assignment;
      return packZip(writeAssayPackage({ fields: fieldsOf(assignment), instructions, grading: source, models }));
    });
    return new StreamableFile(packed, {
      type: 'application/zip',
      disposition: `attachment; filename="${assignment.slug}.zip"`,
      length: packed.length,
    });
  }
}

/** What is as if nothing were said is left out, so that a package is short. */
function fieldsOf(assignment: Assignment): Record<string, unknown> {
  const { title, slug, opensAt, dueAt, closesAt, maxAttempts, latePolicy, countedAttempt, supersedes } = assignment;
  return {
    title,
    slug,
    ...(opensAt === null ? {} : { opensAt: opensAt.toISOString() }),
    ...(dueAt === null ? {} : { dueAt: dueAt.toISOString() }),
    ...(closesAt === null ? {} : { closesAt: closesAt.toISOString() }),
    ...(maxAttempts === null ? {} : { maxAttempts }),
    ...(latePolicy.kind === 'none' ? {} : { latePolicy }),
    ...(countedAttempt === 'best' ? {} : { countedAttempt }),
    ...(supersedes ? { supersedes } : {}),
  };
}
