import type { MigrationInterface, QueryRunner } from 'typeorm';
import { columnTypesFor } from './table.js';

/**
 * MySQL and MariaDB compare text as it is, byte by byte, as PostgreSQL and SQLite do. Tables made later inherit this from
 * the database; there is nothing to undo.
 */
export class CharacterSet1790000000001 implements MigrationInterface {
  name = 'CharacterSet1790000000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    const { dialect } = columnTypesFor(queryRunner);
    if (dialect !== 'mysql' && dialect !== 'mariadb') return;
    await queryRunner.query('ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
  }

  async down(): Promise<void> {}
}
