import type { Duplex } from 'node:stream';

import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BubblewrapSandbox } from '../../src/sandbox/bubblewrap-sandbox.js';
import type { SandboxSession, SandboxStep } from '../../src/sandbox/sandbox.js';
import { SERVICE_KEYS, type ServiceKey } from '../../src/sandbox/services/service.js';
import { ServiceError, Services } from '../../src/sandbox/services/services.js';
import { requiredSupervisor } from '../support/required-supervisor.js';
import { tracesOf } from './sandbox-traces.js';

const PATIENT = { timeout: 120_000 };
const LIMITS = { cpuTimeMs: 10_000, wallTimeMs: 60_000, memoryMiB: 128, processes: 32, outputKiB: 64, diskMiB: 8 };

const python = (script: string, environment: Readonly<Record<string, string>>): SandboxStep => ({
  argv: ['/usr/bin/python3', '-B', '-s', '-c', script],
  stdin: Buffer.alloc(0),
  environment,
  limits: LIMITS,
});

/** Reads what was seeded, writes, tries what only an administrator may do, and looks for the service itself. */
const ATTACK = `
import os, socket
def reaches(name, action):
    try: print('reached', name, action())
    except Exception as error: pass
if 'REDIS_URL' in os.environ:
    import redis
    one = redis.Redis.from_url(os.environ['REDIS_URL'])
    print(one.get('seeded').decode(), one.set('own', 1))
    reaches('shutdown', lambda: one.execute_command('SHUTDOWN', 'NOSAVE'))
    print(one.ping())
if 'MYSQL_URL' in os.environ:
    import pymysql
    connect = lambda user, password: pymysql.connect(host='127.0.0.1', port=3306, user=user, password=password, database='app', autocommit=True)
    one = connect('student', 'student').cursor()
    one.execute('SELECT name FROM seeded'); print(one.fetchall()[0][0])
    one.execute('CREATE TABLE own (id int)')
    for name in ('root', 'assay', ''): reaches(name, lambda: connect(name, ''))
    for statement in ('SHUTDOWN', "SELECT LOAD_FILE('/box/data/init.sql') IS NOT NULL", 'SELECT * FROM mysql.global_priv'):
        reaches(statement, lambda: one.execute(statement) and (one.fetchall() != ((0,),) or 1 / 0))
if 'POSTGRES_URL' in os.environ:
    import psycopg2
    connection = psycopg2.connect(os.environ['POSTGRES_URL']); connection.autocommit = True
    one = connection.cursor()
    one.execute('SELECT name FROM seeded'); print(one.fetchone()[0])
    one.execute('CREATE TABLE own (id int)')
    reaches('assay', lambda: psycopg2.connect(os.environ['POSTGRES_URL'].replace('student:student', 'assay:')))
    for statement in ("COPY own FROM PROGRAM 'id'", "SELECT pg_read_file('/box/data/PG_VERSION')", 'SELECT pg_reload_conf()', 'CREATE ROLE other SUPERUSER'):
        reaches(statement, lambda: one.execute(statement))
if 'COUCHDB_URL' in os.environ:
    import base64, json, urllib.request
    address, _, database = os.environ['COUCHDB_URL'].replace('student:student@', '').rpartition('/')
    def couch(method, path, body=None):
        headers = {'Content-Type': 'application/json', 'Authorization': 'Basic ' + base64.b64encode(b'student:student').decode()}
        asked = urllib.request.Request(address + path, json.dumps(body).encode() if body else None, headers, method=method)
        with urllib.request.urlopen(asked) as answer: return json.load(answer)
    rows = couch('POST', '/' + database + '/_find', {'selector': {'kind': 'seeded'}})['docs']
    if not rows: raise SystemExit('nothing seeded')
    print(rows[0]['name'])
    print(couch('PUT', '/' + database + '/own', {'n': 1})['ok'], couch('GET', '/' + database + '/own')['n'])
print([name for name in os.listdir('/box')], [pid for pid in os.listdir('/proc') if pid.isdigit() and int(pid) not in (1, os.getpid())])
`;

const SEEDS: Readonly<Partial<Record<ServiceKey, readonly string[]>>> = {
  redis: ['SET seeded Ada\n'],
  mysql: ['CREATE TABLE seeded (name varchar(9)) CHARACTER SET utf8mb4;', "INSERT INTO seeded VALUES ('Zoë');"],
  postgres: ['CREATE TABLE seeded (name text);', "INSERT INTO seeded VALUES ('Zoë');"],
  couchdb: ['{"docs": [{"_id": "one", "kind": "seeded", "name": "Zoë"}]}'],
};
const SEEDED: Readonly<Partial<Record<ServiceKey, string>>> = {
  redis: 'Ada True\nTrue',
  mysql: 'Zoë',
  postgres: 'Zoë',
  couchdb: 'Zoë\nTrue 1',
};

describe('Services', () => {
  let sandbox: BubblewrapSandbox;
  let services: Services;

  beforeAll(async () => {
    sandbox = new BubblewrapSandbox({ driver: 'bubblewrap', concurrency: 2, supervisor: requiredSupervisor() });
    services = new Services(sandbox);
    await sandbox.probe();
  });

  afterAll(() => sandbox.shutDown());

  async function inSession<T>(work: (session: SandboxSession) => Promise<T>): Promise<T> {
    const session = await sandbox.open({ runtime: 'python', network: 'shared', systemSitePackages: true });
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }

  it('are listed, with what to install where one is missing', async () => {
    const listed = await services.list();
    expect(listed.map(({ key }) => key)).toEqual(SERVICE_KEYS);
    for (const { available, version, reason } of listed) {
      expect(available ? version : reason).toMatch(available ? /^\d+\.\d/ : /: (?:apt-get )?install |npm install /);
      expect(available ? reason : version).toBeNull();
    }
    expect(listed.filter(({ available }) => available).map(({ key }) => key)).toEqual(
      expect.arrayContaining(['redis', 'mysql', 'postgres', 'couchdb']),
    );
  });

  it.each(['redis', 'mysql', 'postgres', 'couchdb'] as const)(
    '%s answers, filled, to a program that can neither end it nor look into it',
    PATIENT,
    async (key) => {
      const before = tracesOf().folders;
      await inSession(async (session) => {
        const seeds = (SEEDS[key] ?? []).map((seed) => Buffer.from(seed));
        const service = await services.start(session, key, { seeds });
        const outcome = await session.run(python(ATTACK, service.environment));
        expect(outcome.stderr.toString()).toBe('');
        expect(outcome.stdout.toString()).toBe(`${SEEDED[key] ?? ''}\n[] []\n`);
        expect((await service.program.stop()).kind).not.toBe('sandbox_failure');
      });
      // Another has none of it.
      await inSession(async (session) => {
        const service = await services.start(session, key);
        const outcome = await session.run(python(ATTACK, service.environment));
        expect(outcome.stderr.toString()).toMatch(/seeded|NoneType/);
      });
      expect(tracesOf().folders).toEqual(before);
    },
  );

  it('let the worker in as an administrator, on the port that it chose', PATIENT, () =>
    inSession(async (session) => {
      const { port, administrator } = await services.start(session, 'mysql', { port: 4000 });
      expect(port).toBe(4000);
      const stream: Duplex = await session.connect(port);
      const connection = await createConnection({ ...administrator, stream });
      const [rows] = await connection.query('SELECT COUNT(*) AS others FROM mysql.user WHERE User = ?', ['root']);
      expect(rows).toEqual([{ others: 0 }]);
      await connection.end();
      await services.start(session, 'mysql', { port: 4001 });
    }),
  );

  it('say what is wrong with a seed, and with a port that is taken', PATIENT, () =>
    inSession(async (session) => {
      const wrong = services.start(session, 'postgres', { seeds: [Buffer.from('SELEC 1;')] });
      await expect(wrong).rejects.toThrow(ServiceError);
      await expect(wrong).rejects.toThrow(/postgres could not be filled with its seed: exited 3: .*SELEC/s);
      await services.start(session, 'redis');
      const taken = services.start(session, 'redis');
      await expect(taken).rejects.toThrow(
        'The service redis cannot be started: something listens on port 6379 already',
      );
    }),
  );

  it('end with their signal', PATIENT, () =>
    inSession(async (session) => {
      const stopping = new AbortController();
      const service = await services.start(session, 'redis', { signal: stopping.signal });
      const connection = await session.connect(service.port);
      // Ended or reset, as the kernel likes.
      const ended = new Promise((resolve) => {
        connection.resume().once('end', resolve).once('close', resolve);
      });
      stopping.abort();
      expect(await service.program.ended).toMatchObject({ reason: 'aborted' });
      await ended;
    }),
  );
});
