import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

/** The end of the chain of audit entries: one row, which is there from the start, so that it can be locked. */
export class AuditHeads1790000000076 implements MigrationInterface {
  name = 'AuditHeads1790000000076';

  async up(queryRunner: QueryRunner): Promise<void> {
    await createTable(queryRunner, {
      name: 'audit_heads',
      columns: {
        id: { ...shortText(20), primary: true },
        sequence: columnTypesFor(queryRunner).integer,
        hash: shortText(64),
      },
    });
    const heads = queryRunner.manager.createQueryBuilder().from('audit_heads', 'head');
    if ((await heads.select('head.id', 'id').getRawMany()).length > 0) return;
    await queryRunner.manager
      .createQueryBuilder()
      .insert()
      .into('audit_heads', ['id', 'sequence', 'hash'])
      .values({ id: 'entries', sequence: 0, hash: '0'.repeat(64) })
      .execute();
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('audit_heads');
  }
}
