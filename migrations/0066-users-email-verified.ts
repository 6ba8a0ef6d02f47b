import type { MigrationInterface, QueryRunner } from 'typeorm';
import { addColumn, columnTypesFor, dropColumn } from './table.js';

/** Null for all accounts of before: nobody has proved that the address is theirs. */
export class UsersEmailVerified1790000000066 implements MigrationInterface {
  name = 'UsersEmailVerified1790000000066';

  async up(queryRunner: QueryRunner): Promise<void> {
    await addColumn(queryRunner, {
      table: 'users',
      name: 'emailVerifiedAt',
      options: columnTypesFor(queryRunner).instant,
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await dropColumn(queryRunner, 'users', 'emailVerifiedAt');
  }
}
