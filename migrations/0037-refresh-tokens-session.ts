import type { MigrationInterface, QueryRunner } from 'typeorm';
import { shortText } from '../src/database/column-types.js';
import { addColumn, columnTypesFor, dropColumn } from './table.js';

const COLUMNS = ['startedAt', 'address', 'userAgent'];

/** What people know their sign-ins by. Null for those of before. */
export class RefreshTokensSession1790000000037 implements MigrationInterface {
  name = 'RefreshTokensSession1790000000037';

  async up(queryRunner: QueryRunner): Promise<void> {
    const table = 'refresh_tokens';
    await addColumn(queryRunner, { table, name: 'startedAt', options: columnTypesFor(queryRunner).instant });
    await addColumn(queryRunner, { table, name: 'address', options: shortText(45) });
    await addColumn(queryRunner, { table, name: 'userAgent', options: shortText(200) });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of COLUMNS.toReversed()) await dropColumn(queryRunner, 'refresh_tokens', name);
  }
}
