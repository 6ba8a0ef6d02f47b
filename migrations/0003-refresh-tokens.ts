import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class RefreshTokens1790000000003 implements MigrationInterface {
  name = 'RefreshTokens1790000000003';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'refresh_tokens',
      columns: {
        id: { ...types.id, primary: true },
        familyId: types.id,
        userId: types.id,
        tokenHash: shortText(64),
        createdAt: types.instant,
        expiresAt: types.instant,
        usedAt: nullable(types.instant),
        revokedAt: nullable(types.instant),
      },
      indices: [
        { name: 'refresh_tokens_family', columns: ['familyId'] },
        { name: 'refresh_tokens_user', columns: ['userId'] },
        { name: 'refresh_tokens_hash', columns: ['tokenHash'], unique: true },
      ],
      foreignKeys: [{ name: 'fk_refresh_tokens_user', column: 'userId', table: 'users', onDelete: 'CASCADE' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('refresh_tokens');
  }
}
