import type { MigrationInterface, QueryRunner } from 'typeorm';
import { nullable, shortText } from '../src/database/column-types.js';
import { columnTypesFor, createTable } from './table.js';

export class Invitations1790000000068 implements MigrationInterface {
  name = 'Invitations1790000000068';

  async up(queryRunner: QueryRunner): Promise<void> {
    const types = columnTypesFor(queryRunner);
    await createTable(queryRunner, {
      name: 'invitations',
      columns: {
        id: { ...types.id, primary: true },
        scope: types.id,
        courseId: nullable(types.id),
        email: shortText(),
        role: shortText(20),
        tokenHash: shortText(64),
        invitedBy: types.id,
        createdAt: types.instant,
        expiresAt: types.instant,
        acceptedAt: nullable(types.instant),
        acceptedBy: nullable(types.id),
      },
      indices: [
        { name: 'invitations_scope_email', columns: ['scope', 'email'], unique: true },
        { name: 'invitations_scope', columns: ['scope', 'id'] },
        { name: 'invitations_inviter', columns: ['invitedBy', 'createdAt'] },
        { name: 'invitations_course', columns: ['courseId'] },
        { name: 'invitations_hash', columns: ['tokenHash'], unique: true },
      ],
      foreignKeys: [{ name: 'fk_invitations_course', column: 'courseId', table: 'courses', onDelete: 'CASCADE' }],
    });
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.dropTable('invitations');
  }
}
