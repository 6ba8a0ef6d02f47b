import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Assignment } from '../../src/assignments/assignment.entity.js';
import { parseEnvironment } from '../../src/config/env.js';
import { CourseAccess } from '../../src/courses/course-access.js';
import { Course } from '../../src/courses/course.entity.js';
import { Enrolment } from '../../src/courses/enrolment.entity.js';
import { createDataSource } from '../../src/database/data-source.js';
import { newId } from '../../src/database/new-id.js';
import { Transactions } from '../../src/database/transactions.js';
import { InProcessRunEvents } from '../../src/events/in-process-run-events.js';
import { Outbox } from '../../src/queue/outbox.js';
import { bringSchemaUpToDate } from '../../src/schema.js';
import { GradingRun } from '../../src/submissions/grading-run.entity.js';
import { GradingRuns } from '../../src/submissions/grading-runs.js';
import { IncidentsService } from '../../src/submissions/incidents.service.js';
import { GRADING_ENTITIES, GradingRows } from '../support/grading-rows.js';
import { createTemporaryDatabase, testDatabaseKind, type TemporaryDatabase } from '../support/temporary-database.js';

let database: TemporaryDatabase;
let dataSource: DataSource;
let transactions: Transactions;
let runs: GradingRuns;
let rows: GradingRows;
let incidents: IncidentsService;

beforeAll(async () => {
  database = await createTemporaryDatabase();
  const environment = parseEnvironment({ DATABASE_URL: database.url });
  await bringSchemaUpToDate(environment);
  dataSource = createDataSource(environment, [...GRADING_ENTITIES, Enrolment]);
  await dataSource.initialize();
  transactions = new Transactions(dataSource);
  rows = new GradingRows(dataSource);
  runs = new GradingRuns(environment, dataSource, transactions, new Outbox(), new InProcessRunEvents());
  incidents = new IncidentsService(
    dataSource.getRepository(GradingRun),
    new CourseAccess(dataSource.getRepository(Course)),
  );
});
afterAll(async () => {
  await dataSource?.destroy();
  await transactions?.onApplicationShutdown();
  await database?.drop();
});

const administrator = { userId: newId(), role: 'admin' } as const;

async function giveUp(runId: string): Promise<void> {
  const run = await runs.claim(runId, 'worker-1');
  if (run === null) throw new Error('The run could not be claimed.');
  expect(await runs.fail(run, 'the sandbox is broken')).toBe(true);
}

describe(`incidents on ${testDatabaseKind()}`, () => {
  it('are what was given up and not asked for again, page by page, newest first', async () => {
    const queued = [await rows.queueSubmission(), await rows.queueSubmission(), await rows.queueSubmission()];
    for (const { runId } of queued) await giveUp(runId);
    const [first, second, third] = queued.map(({ submissionId }) => submissionId);
    const { courseId } = await dataSource.manager.findOneByOrFail(Assignment, { id: queued[0]?.assignmentId ?? '' });
    const page = await incidents.list(administrator, courseId, { limit: 2 });
    expect(page.items.map(({ submissionId }) => submissionId)).toEqual([third, second]);
    expect(page.items[0]).toMatchObject({ tries: 1, failure: 'the sandbox is broken', assignmentTitle: 'Sum' });
    expect(page.nextCursor).not.toBeNull();
    const rest = await incidents.list(administrator, courseId, { limit: 2, cursor: page.nextCursor ?? '' });
    expect(rest.items.map(({ submissionId }) => submissionId)).toEqual([first]);
    expect(rest.nextCursor).toBeNull();

    const [again] = queued;
    if (again === undefined) throw new Error('Nothing was queued.');
    const runId = await rows.queueRejudge(again);
    const open = async (): Promise<readonly string[]> =>
      (await incidents.list(administrator, courseId, { limit: 20 })).items.map(({ submissionId }) => submissionId);
    expect(await open()).toEqual([third, second]);
    // Given up once more: listed once, for the last time.
    await giveUp(runId);
    expect(await open()).toEqual([first, third, second]);
    await expect(incidents.list(administrator, newId(), { limit: 20 })).rejects.toMatchObject({ code: 'not_found' });
  });
});
