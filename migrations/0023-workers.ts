import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class Workers1790000000023 implements MigrationInterface {
  name = 'Workers1790000000023';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'workers',
      columns: {
        id: { ...types.id, primary: true },
        name: shortText(100),
        leaseOwner: shortText(100),
        version: shortText(40),
        concurrency: types.integer,
        state: shortText(20),
        stateSince: types.instant,
        reason: nullable(types.longText),
        report: nullable(types.json),
        wish: shortText(20),
        startedAt: types.instant,
        lastSeenAt: types.instant,
      },
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('workers');
  }
}
