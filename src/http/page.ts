import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { validate } from 'uuid';
import { DomainError } from '../errors/domain-error.js';
import type { ListQueryDto } from './list-query.dto.js';

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** The id that a cursor stands for. @throws DomainError `invalid` for anything that `cursorOf` did not make. */
export function idOfCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!validate(id) || cursorOf(id) !== cursor) {
    throw DomainError.invalid([{ path: 'cursor', message: 'is not a cursor of this list: start again without it' }]);
  }
  return id;
}

/** The opaque cursor of a row: lists go on behind the id, so they stay right while rows are added. */
export function cursorOf(id: string): string {
  return Buffer.from(id, 'latin1').toString('base64url');
}

/** Makes a page of rows that were asked for with one more than the limit. */
export function toPage<T extends { readonly id: string }>(rows: readonly T[], limit: number): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last.id) : null };
}

/**
 * Runs a keyset query over the id (a UUIDv7, so by time), newest first unless told otherwise. One statement, no counting.
 *
 * @param alias name of the listed entity within the query
 */
export async function findPage<T extends ObjectLiteral & { readonly id: string }>(
  query: SelectQueryBuilder<T>,
  alias: string,
  list: ListQueryDto,
  order: 'ASC' | 'DESC' = 'DESC',
): Promise<Page<T>> {
  if (list.cursor !== undefined) {
    query.andWhere(`${alias}.id ${order === 'DESC' ? '<' : '>'} :cursorId`, { cursorId: idOfCursor(list.cursor) });
  }
  const rows = await query
    .orderBy(`${alias}.id`, order)
    .limit(list.limit + 1)
    .getMany();
  return toPage(rows, list.limit);
}

/** The same page with each item turned into what is sent. */
export function mapPage<T, R>(page: Page<T>, map: (item: T) => R): Page<R> {
  return { items: page.items.map(map), nextCursor: page.nextCursor };
}
