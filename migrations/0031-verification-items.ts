import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class VerificationItems1790000000031 implements MigrationInterface {
  name = 'VerificationItems1790000000031';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'verification_items',
      columns: {
        id: { ...types.id, primary: true },
        verificationId: types.id,
        modelSubmissionId: types.id,
        runId: nullable(types.id),
        refusal: nullable(types.longText),
      },
      indices: [
        { name: 'verification_items_model', columns: ['verificationId', 'modelSubmissionId'], unique: true },
        { name: 'verification_items_submission', columns: ['modelSubmissionId'] },
      ],
      foreignKeys: [
        { name: 'fk_verification_items_verification', column: 'verificationId', table: 'verifications' },
        { name: 'fk_verification_items_submission', column: 'modelSubmissionId', table: 'model_submissions' },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('verification_items');
  }
}
