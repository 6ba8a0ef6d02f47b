import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/database/new-id.js';
import { cursorOf, idOfCursor, mapPage, toPage } from '../../../src/http/page.js';

describe('pages', () => {
  it('have cursors that lead back to their row', () => {
    const id = newId();
    expect(idOfCursor(cursorOf(id))).toBe(id);
    expect(cursorOf(id)).toMatch(/^[\w-]+$/);
  });

  it.each([
    '',
    'x',
    '%',
    "' OR 1=1",
    newId(),
    cursorOf('7'),
    `${cursorOf(newId())}=`,
    `${cursorOf(newId())}A`,
    cursorOf(newId()).slice(1),
  ])('refuse the cursor %j', (cursor) => {
    expect(() => idOfCursor(cursor)).toThrow(
      expect.objectContaining({ kind: 'invalid', errors: [expect.objectContaining({ path: 'cursor' })] }),
    );
  });

  it('end with a cursor when there is more, and with null when there is not', () => {
    const rows = [1, 2, 3].map(() => ({ id: newId() }));
    const page = toPage(rows, 2);
    expect(page.items).toEqual(rows.slice(0, 2));
    expect(page.nextCursor).toBe(cursorOf(rows[1]?.id ?? ''));
    expect(toPage(rows, 3)).toEqual({ items: rows, nextCursor: null });
    expect(toPage([], 3)).toEqual({ items: [], nextCursor: null });
    expect(mapPage(page, () => 'x')).toEqual({ items: ['x', 'x'], nextCursor: page.nextCursor });
  });
});
