import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class IdempotencyKeys1790000000013 implements MigrationInterface {
  name = 'IdempotencyKeys1790000000013';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'idempotency_keys',
      columns: {
        id: { ...types.id, primary: true },
        userId: types.id,
        route: shortText(200),
        key: shortText(),
        requestHash: shortText(64),
        lockedUntil: nullable(types.instant),
        status: nullable(types.integer),
        body: nullable(types.json),
        location: nullable(shortText()),
        createdAt: types.instant,
        expiresAt: types.instant,
      },
      indices: [
        { name: 'idempotency_keys_owner', columns: ['userId', 'route', 'key'], unique: true },
        { name: 'idempotency_keys_expiry', columns: ['expiresAt'] },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('idempotency_keys');
  }
}
