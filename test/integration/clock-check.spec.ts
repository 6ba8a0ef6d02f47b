import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClockCheck } from '../../src/auth/clock-check.js';
import { parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { databaseNow } from '../../src/database/database-clock.js';
import { Readiness } from '../../src/monitoring/readiness.js';
import { createTemporaryDatabase, type TemporaryDatabase } from '../support/temporary-database.js';

let database: TemporaryDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTemporaryDatabase();
  dataSource = createDataSource(parseEnvironment({ DATABASE_URL: database.url }), []);
  await dataSource.initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const MINUTE_MS = 60_000;

/** With a clock that tells these two instants, before and after the database was asked. */
const check = (...clocks: [Date, Date]) =>
  new ClockCheck(new Readiness(), dataSource).check(() => clocks.shift() ?? new Date(0));
const off = async (milliseconds: number) => new Date((await databaseNow(dataSource.manager)).getTime() + milliseconds);

describe('ClockCheck', () => {
  it('is among what a process must have to be ready', async () => {
    const readiness = new Readiness();
    new ClockCheck(readiness, dataSource).onApplicationBootstrap();
    expect(readiness.list()).toMatchObject([{ name: 'clock', isEssential: true }]);
    expect(await readiness.list()[0]?.check()).toMatchObject({ isUp: true });
  });

  it.each([
    ['fast', 2],
    ['slow', -2],
  ])('is down where the clock is minutes %s', async (_word, minutes) => {
    const now = await off(minutes * MINUTE_MS);
    const { isUp, detail } = await check(now, now);
    expect(isUp).toBe(false);
    expect(detail).toMatch(/The clock is 1[12]\d s off/);
  });

  it('does not take a database that answers late for a wrong clock', async () => {
    expect(await check(await off(-2 * MINUTE_MS), await off(MINUTE_MS))).toMatchObject({ isUp: true });
  });
});
