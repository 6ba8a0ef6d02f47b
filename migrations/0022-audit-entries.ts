import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

/** Who did what and when. Without foreign keys: an entry outlives whatever it tells of. */
export class AuditEntries1790000000022 implements MigrationInterface {
  name = 'AuditEntries1790000000022';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'audit_entries',
      columns: {
        id: { ...types.id, primary: true },
        at: types.instant,
        actorId: types.id,
        action: shortText(60),
        targetType: shortText(40),
        targetId: types.id,
        courseId: nullable(types.id),
        detail: nullable(types.json),
      },
      indices: [
        { name: 'audit_entries_target', columns: ['targetType', 'targetId'] },
        { name: 'audit_entries_course', columns: ['courseId', 'id'] },
      ],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('audit_entries');
  }
}
