import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class ModelSubmissions1790000000029 implements MigrationInterface {
  name = 'ModelSubmissions1790000000029';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'model_submissions',
      columns: {
        id: { ...types.id, primary: true },
        assignmentId: types.id,
        path: shortText(),
        runtime: nullable(shortText(40)),
        verdicts: nullable(types.json),
        leastScore: nullable(types.points),
        mostScore: nullable(types.points),
        isPartial: types.boolean,
        filesKey: shortText(),
        filePaths: types.json,
        byteCount: types.integer,
        submissionId: nullable(types.id),
        createdAt: types.instant,
      },
      indices: [{ name: 'model_submissions_path', columns: ['assignmentId', 'path'], unique: true }],
      foreignKeys: [{ name: 'fk_model_submissions_assignment', column: 'assignmentId', table: 'assignments' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('model_submissions');
  }
}
