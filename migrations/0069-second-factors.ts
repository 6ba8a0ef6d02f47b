import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class SecondFactors1790000000069 implements MigrationInterface {
  name = 'SecondFactors1790000000069';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'second_factors',
      columns: {
        userId: { ...types.id, primary: true },
        secret: types.longText,
        createdAt: types.instant,
        confirmedAt: nullable(types.instant),
        lastStep: types.integer,
      },
      foreignKeys: [{ name: 'fk_second_factors_user', column: 'userId', table: 'users', onDelete: 'CASCADE' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('second_factors');
  }
}
