import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class TestResults1790000000010 implements MigrationInterface {
  name = 'TestResults1790000000010';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'test_results',
      columns: {
        id: { ...types.id, primary: true },
        runId: types.id,
        position: types.integer,
        name: shortText(),
        kind: shortText(20),
        visibility: shortText(20),
        verdict: shortText(40),
        points: types.points,
        maxPoints: types.points,
        timeMs: nullable(types.integer),
        wallMs: nullable(types.integer),
        memoryKiB: nullable(types.integer),
        exitCode: nullable(types.integer),
        signal: nullable(shortText(20)),
        message: nullable(types.longText),
        stdout: nullable(types.longText),
        stderr: nullable(types.longText),
        expected: nullable(types.longText),
      },
      indices: [{ name: 'test_results_run_position', columns: ['runId', 'position'], unique: true }],
      foreignKeys: [{ name: 'fk_test_results_run', column: 'runId', table: 'grading_runs' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('test_results');
  }
}
