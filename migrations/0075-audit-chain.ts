import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shortText } from '../src/database/column-types.js';
import { addColumn, addIndex, columnTypesFor, dropColumn } from './table.js';

const COLUMNS = ['sequence', 'hash', 'address'];

/** Puts new entries into a chain; null for those of before. */
export class AuditChain1790000000075 implements MigrationInterface {
  name = 'AuditChain1790000000075';

  async up(queryRunner: QueryRunner): Promise<void> {
    const table = 'audit_entries';
    await addColumn(queryRunner, { table, name: 'sequence', options: columnTypesFor(queryRunner).integer });
    await addColumn(queryRunner, { table, name: 'hash', options: shortText(64) });
    await addColumn(queryRunner, { table, name: 'address', options: shortText(45) });
    await addIndex(queryRunner, table, { name: 'audit_entries_sequence', columns: ['sequence'], unique: true });
    await addIndex(queryRunner, table, { name: 'audit_entries_actor', columns: ['actorId', 'id'] });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropIndex('audit_entries', 'audit_entries_actor');
    await queryRunner.dropIndex('audit_entries', 'audit_entries_sequence');
    for (const name of COLUMNS.toReversed()) await dropColumn(queryRunner, 'audit_entries', name);
  }
}
