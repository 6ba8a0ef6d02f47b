import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classroom } from '../support/classroom.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const PYTHON = `
import os, psycopg2, pymysql, redis
from urllib.parse import urlparse
kept = redis.Redis.from_url(os.environ['REDIS_URL'])
print('redis', kept.get('name'), kept.incr('visits'))
url = urlparse(os.environ['MYSQL_URL'])
with pymysql.connect(host=url.hostname, port=url.port, user=url.username, password=url.password, database=url.path[1:]) as one:
    with one.cursor() as cursor:
        cursor.execute('SELECT COUNT(*) FROM pets'); print('mysql', cursor.fetchone()[0])
        cursor.execute("INSERT INTO pets VALUES ('Rex')")
    one.commit()
with psycopg2.connect(os.environ['POSTGRES_URL']) as one, one.cursor() as cursor:
    cursor.execute('SELECT name FROM pets ORDER BY name'); print('postgres', [name for name, in cursor.fetchall()])
`;

const NODE = `
import { createClient } from 'redis';
import mysql from 'mysql2/promise';
import pg from 'pg';
const kept = await createClient({ url: process.env.REDIS_URL }).connect();
console.log('redis', await kept.get('name'), await kept.incr('visits'));
kept.destroy();
const one = await mysql.createConnection(process.env.MYSQL_URL);
console.log('mysql', (await one.query('SELECT COUNT(*) AS count FROM pets'))[0][0].count);
await one.end();
const other = new pg.Client(process.env.POSTGRES_URL);
await other.connect();
console.log('postgres', (await other.query('SELECT name FROM pets ORDER BY name')).rows.map(({ name }) => name).join());
await other.end();
`;

const PETS = "CREATE TABLE pets (name varchar(20)); INSERT INTO pets VALUES ('Mia'), ('Ben');";

const assignment = (runtime: string, outputs: readonly string[], services?: unknown) => ({
  runtime,
  systemSitePackages: true,
  files: [
    { path: 'pets.sql', content: PETS, hidden: true },
    { path: 'names.redis', content: 'SET name Ada\n' },
    { path: 'wrong.sql', content: 'no SQL' },
  ],
  services: services ?? [
    { name: 'redis', seed: 'names.redis' },
    { name: 'mysql', seed: ['pets.sql'] },
    { name: 'postgres', seed: 'pets.sql' },
  ],
  limits: { timeMs: 10_000, wallMs: 60_000 },
  tests: outputs.map((stdout, index) => ({
    kind: 'program',
    name: `run ${index + 1}`,
    points: 1,
    expect: { stdout, compare: 'tokens' },
  })),
});

describe('services beside a submission', () => {
  let app: TestApp;
  let classroom: Classroom;

  beforeAll(async () => {
    app = await startTestApp();
    classroom = await Classroom.open(app);
  });
  afterAll(() => app.close());

  it('serve Python and Node.js programs, filled, and new for each submission', { timeout: 300_000 }, async () => {
    const first = "redis b'Ada' 1 mysql 2 postgres ['Ben', 'Mia']";
    const second = "redis b'Ada' 2 mysql 3 postgres ['Ben', 'Mia']";
    const grading = assignment('python', [first, second]);
    for (let time = 0; time < 2; time += 1) {
      const graded = await classroom.grade(grading, { files: { 'main.py': PYTHON } });
      expect(graded, JSON.stringify(graded)).toMatchObject({ verdict: 'accepted', score: 2 });
    }
    const node = assignment('node', ['redis Ada 1 mysql 2 postgres Ben,Mia'], undefined);
    const graded = await classroom.grade({ ...node, entrypoint: 'main.mjs' }, { files: { 'main.mjs': NODE } });
    expect(graded, JSON.stringify(graded)).toMatchObject({ verdict: 'accepted', score: 1 });
  });

  it('whose seed is wrong are our fault, not the student’s', { timeout: 300_000 }, async () => {
    const grading = assignment('python', ['x'], [{ name: 'postgres', seed: 'wrong.sql' }]);
    const graded = await classroom.grade(grading, { files: { 'main.py': 'print("x")' } });
    expect(graded).toMatchObject({ status: 'failed', verdict: 'judge_error', score: null });
  });

  it('are listed with the runtimes', async () => {
    const { token } = classroom.student;
    const { body } = await app.request<{ services: { key: string; available: boolean }[] }>('GET', '/runtimes', {
      token,
    });
    const available = body.services.filter((service) => service.available).map(({ key }) => key);
    for (const key of ['redis', 'mysql', 'postgres']) expect(available).toContain(key);
  });
});
