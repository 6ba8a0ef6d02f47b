import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AssignmentCreation, type PreparedAssignment, withFreeSlug } from '../assignments/assignment-creation.js';
import { CreateAssignmentDto } from '../assignments/dto/create-assignment.dto.js';
import { AssignmentDto } from '../assignments/dto/assignment.dto.js';
import { AuditLog } from '../audit/audit-log.js';
import type { Principal } from '../auth/principal.js';
import { Environment } from '../config/env.js';
import { CourseAccess } from '../courses/course-access.js';
import type { Course } from '../courses/course.entity.js';
import { insertRows } from '../database/entity-rows.js';
import { newId } from '../database/new-id.js';
import { Transactions } from '../database/transactions.js';
import { DomainError, type FieldError } from '../errors/domain-error.js';
import { withAnswer } from '../http/answer.js';
import { Idempotency } from '../http/idempotency.js';
import { DtoValidationPipe } from '../http/validation.pipe.js';
import { ASSIGNMENT_FILE } from '../packages/assay/read-assay-package.js';
import { type ModelSubmission as PackagedModel, runtimeAsked } from '../packages/model-submission.js';
import { PackageFault } from '../packages/package-fault.js';
import { translatePackage } from '../packages/translate-package.js';
import type { TranslatedPackage } from '../packages/translated-package.js';
import { OutboxRelay } from '../queue/outbox-relay.js';
import { admit } from '../submissions/admit.js';
import { MemoryBudget } from '../submissions/memory-budget.js';
import { mostUnpackedBytes, SUBMISSION_LIMITS } from '../submissions/submission-limits.js';
import type { ImportPackageDto } from './dto/import-package.dto.js';
import type { ImportedPackageDto } from './dto/imported-package.dto.js';
import { VerificationDto } from './dto/verification.dto.js';
import { ModelFiles } from './model-files.js';
import { ModelSubmission } from './model-submission.entity.js';
import { nameOfPackage, PACKAGE_LIMITS, unpackPackage } from './unpack-package.js';
import { VerificationResults } from './verification-results.js';
import { VerificationStart } from './verification-start.js';

const CODE = 'invalid_package';
const MOST_FAULTS = 50;
const MIB = 1024 * 1024;
/** A package is held as it came, unpacked, and as what is made of it. */
const COPIES = 3;
/** Of one package; more prove nothing that fewer would not, and each is graded at every verification. */
const MOST_MODELS = 100;
const LONGEST_PATH = 255;

/**
 * Makes assignments of packages. Files of model submissions first, then one transaction for everything else: what is refused
 * leaves nothing, and a crash in between leaves files that nobody refers to.
 */
@Injectable()
export class ImportService {
  private readonly memory = new MemoryBudget({ bytes: 512 * MIB, freeBytes: 8 * MIB, mostWaiting: 20 });
  private readonly validation = new DtoValidationPipe();

  constructor(
    private readonly environment: Environment,
    private readonly courses: CourseAccess,
    private readonly creation: AssignmentCreation,
    private readonly files: ModelFiles,
    private readonly starting: VerificationStart,
    private readonly results: VerificationResults,
    private readonly transactions: Transactions,
    private readonly relay: OutboxRelay,
    private readonly audit: AuditLog,
    private readonly idempotency: Idempotency,
  ) {}

  async import(user: Principal, courseId: string, dto: ImportPackageDto): Promise<ImportedPackageDto> {
    const { course } = await this.courses.getManagerStanding(user, courseId);
    const content = Buffer.from(dto.file.content, dto.file.encoding ?? 'utf8');
    return this.memory.run(COPIES * mostUnpackedBytes(content.length, PACKAGE_LIMITS), async () => {
      const translated = await this.translate(dto, content);
      const prepared = await this.prepare(dto, translated);
      return this.make(user, course, dto, translated, prepared);
    });
  }

  private async translate({ file, format, runtime }: ImportPackageDto, content: Buffer): Promise<TranslatedPackage> {
    try {
      return translatePackage(await unpackPackage(file.path, content), format, {
        name: nameOfPackage(file.path),
        runtimes: (runtime ?? '')
          .split(',')
          .map((key) => key.trim())
          .filter((key) => key !== ''),
        ceilings: this.environment.limitCeilings,
      });
    } catch (error) {
      if (!(error instanceof PackageFault)) throw error;
      throw refused(error.problems.map(({ path, message }) => ({ path: pointerTo(path), message })));
    }
  }

  /** Checks what was made of a package as if a client had sent it. */
  private async prepare({ format }: ImportPackageDto, translated: TranslatedPackage): Promise<PreparedAssignment> {
    const { assignment, models } = translated;
    let prepared: PreparedAssignment;
    try {
      const dto: unknown = await this.validation.transform(
        { ...assignment },
        { type: 'body', metatype: CreateAssignmentDto },
      );
      if (!(dto instanceof CreateAssignmentDto)) throw new Error('A body was not checked.');
      prepared = this.creation.prepare(dto);
    } catch (error) {
      if (!(error instanceof DomainError) || error.errors === undefined) throw error;
      const root = format === 'assay' ? pointerTo(`${ASSIGNMENT_FILE}#`) : '/file#';
      throw refused(error.errors.map(({ path, message }) => ({ path: `${root}${path}`, message })));
    }
    const faults = models.flatMap((model) => modelFaults(model, prepared));
    if (models.length > MOST_MODELS) {
      faults.push({ path: pointerTo('submissions'), message: `holds more than ${MOST_MODELS} model submissions` });
    }
    if (faults.length > 0) throw refused(faults);
    return prepared;
  }

  private async make(
    user: Principal,
    course: Course,
    { format, verify }: ImportPackageDto,
    { models, warnings }: TranslatedPackage,
    prepared: PreparedAssignment,
  ): Promise<ImportedPackageDto> {
    const ids = models.map(() => newId());
    let isMade = false;
    try {
      const keys: string[] = [];
      for (const [index, model] of models.entries()) {
        keys.push(await this.files.put(ids[index] ?? newId(), model.files.map(toFile)));
      }
      const { body, runIds } = await withFreeSlug(() =>
        this.transactions.run(async (manager) => {
          const assignment = await this.creation.insert(manager, user, course.id, prepared, false);
          const rows = models.map((model, index) => rowOf(model, ids[index] ?? '', keys[index] ?? '', assignment));
          for (const row of rows) await insertRows(manager, ModelSubmission, [row]);
          const started =
            rows.length === 0 || verify === false
              ? null
              : await this.starting.start(manager, { assignment, course, userId: user.userId }, rows);
          await this.audit.record(manager, {
            actorId: user.userId,
            action: 'assignment.imported',
            targetType: 'assignment',
            targetId: assignment.id,
            courseId: course.id,
            detail: { format, models: rows.length, warnings: warnings.length },
          });
          const dto: ImportedPackageDto = {
            assignment: AssignmentDto.from(assignment, prepared.grading.source),
            warnings: [...warnings],
            verification: started === null ? null : await this.shown(manager, started.verification),
          };
          const location = `/api/v1/assignments/${assignment.id}`;
          await this.idempotency.complete(manager, { status: 201, body: dto, location });
          return { body: withAnswer(dto, { location }), runIds: started?.runIds ?? [] };
        }),
      );
      isMade = true;
      for (const runId of runIds) this.relay.ring(runId);
      return body;
    } catch (error) {
      // Only after a refusal is it sure that nothing was committed: a connection that breaks during the commit tells nothing.
      if (!isMade && error instanceof DomainError) await this.files.discard(ids);
      throw error;
    }
  }

  private async shown(
    manager: EntityManager,
    verification: Parameters<typeof VerificationDto.of>[0],
  ): Promise<VerificationDto> {
    const result = (await this.results.of(manager, [verification])).get(verification.id);
    return VerificationDto.of(verification, result ?? { status: 'running', items: [] });
  }
}

function toFile({ path, content }: PackagedModel['files'][number]): { path: string; content: Buffer } {
  return { path, content: Buffer.from(content.buffer, content.byteOffset, content.length) };
}

function rowOf(
  { path, runtime, expected, files }: PackagedModel,
  id: string,
  filesKey: string,
  assignment: { readonly id: string; readonly createdAt: Date },
): ModelSubmission {
  return {
    id,
    assignmentId: assignment.id,
    path,
    runtime,
    verdicts: expected.verdicts,
    leastScore: expected.score?.least ?? null,
    mostScore: expected.score?.most ?? null,
    isPartial: expected.isPartial,
    filesKey,
    filePaths: files.map((file) => file.path),
    byteCount: files.reduce((sum, { content }) => sum + content.length, 0),
    submissionId: null,
    createdAt: assignment.createdAt,
  };
}

/** What a model submission could not be handed in for. */
function modelFaults({ path, files, runtime }: PackagedModel, { grading }: PreparedAssignment): FieldError[] {
  const at = pointerTo(`submissions/${path}`);
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  if (path.length > LONGEST_PATH) return [{ path: at, message: `has a path of more than ${LONGEST_PATH} characters` }];
  if (files.length > SUBMISSION_LIMITS.files || bytes > SUBMISSION_LIMITS.unpackedBytes) {
    return [{ path: at, message: 'holds more than a submission may' }];
  }
  try {
    const paths = files.map((file) => file.path);
    admit(grading.document, { paths, runtime: runtimeAsked(grading.document.runtimes, runtime, paths) });
    return [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return (error.errors ?? []).map(({ path: part, message }) => ({ path: `${at}#${part}`, message }));
  }
}

/** Leads through the file that was sent to one of the package. */
function pointerTo(path: string): string {
  return path === '' ? '/file' : `/file/${path}`;
}

function refused(faults: readonly FieldError[]): DomainError {
  return DomainError.invalid(faults.slice(0, MOST_FAULTS), CODE);
}
