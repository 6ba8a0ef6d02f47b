import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class LoginAttempts1790000000038 implements MigrationInterface {
  name = 'LoginAttempts1790000000038';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'login_attempts',
      columns: {
        id: { ...shortText(64), primary: true },
        failures: types.integer,
        blockedUntil: nullable(types.instant),
        lastAt: types.instant,
      },
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('login_attempts');
  }
}
