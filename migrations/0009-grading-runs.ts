import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class GradingRuns1790000000009 implements MigrationInterface {
  name = 'GradingRuns1790000000009';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'grading_runs',
      columns: {
        id: { ...types.id, primary: true },
        submissionId: types.id,
        number: types.integer,
        cause: shortText(20),
        status: shortText(20),
        gradingVersion: types.integer,
        verdict: nullable(shortText(40)),
        score: nullable(types.points),
        maxScore: nullable(types.points),
        leaseToken: types.integer,
        leaseOwner: nullable(shortText(100)),
        leaseExpiresAt: nullable(types.instant),
        claims: types.integer,
        buildOutput: nullable(types.longText),
        failure: nullable(types.longText),
        createdAt: types.instant,
        startedAt: nullable(types.instant),
        finishedAt: nullable(types.instant),
      },
      indices: [
        { name: 'grading_runs_submission_number', columns: ['submissionId', 'number'], unique: true },
        { name: 'grading_runs_status_lease', columns: ['status', 'leaseExpiresAt'] },
      ],
      foreignKeys: [{ name: 'fk_grading_runs_submission', column: 'submissionId', table: 'submissions' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('grading_runs');
  }
}
