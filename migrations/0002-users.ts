import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class Users1790000000002 implements MigrationInterface {
  name = 'Users1790000000002';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'users',
      columns: {
        id: { ...types.id, primary: true },
        email: shortText(),
        name: shortText(200),
        passwordHash: nullable(shortText()),
        role: shortText(20),
        disabled: types.boolean,
        tokenVersion: types.integer,
        createdAt: types.instant,
        version: types.integer,
      },
      indices: [
        { name: 'users_email', columns: ['email'], unique: true },
        { name: 'users_role', columns: ['role'] },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('users');
  }
}
