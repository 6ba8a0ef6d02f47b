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
        number: { type: 'int' },
        cause: shortText(20),
        status: shortText(20),
        gradingVersion: { type: 'int' },
        verdict: nullable(shortText(40)),
        score: nullable(types.points),
        maxScore: nullable(types.points),
        leaseToken: { type: 'int' },
        leaseOwner: nullable(shortText(100)),
        leaseExpiresAt: nullable(types.instant),
        claims: { type: 'int' },
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
      foreignKeys: [
        { name: 'fk_grading_runs_submission', column: 'submissionId', table: 'submissions' },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('grading_runs');
  }
}
