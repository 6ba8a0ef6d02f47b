import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import type { Environment } from '../../src/config/env.js';
import { createTemporaryDatabase, type TemporaryDatabase } from './temporary-database.js';
import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.js';

const API = '/api/v1';
/** Routes outside `/api/v1`. */
const ROOT_ROUTE = /^\/(api\/v1|docs|openapi\.(?:json|yaml)|health|metrics|admin\/queues)(?:[/?]|$)/;
const ADMIN = { email: 'first-admin@example.org', password: 'correct horse battery 1' };

export type TestRole = 'admin' | 'instructor' | 'student';

/** Variables as in `.env`; undefined takes one away that the test application would set. */
export type TestVariables = Readonly<Record<string, string | undefined>>;

export interface TestAppOptions {
  /** False: an API without a worker, so that submissions stay queued. */
  readonly worker?: boolean;
  /** Over what the test application sets, for example `{ REGISTRATION: 'closed' }`. */
  readonly variables?: TestVariables;
  /** A second process of the same installation: same database, Redis prefix, files and secrets, removed by the first. */
  readonly sharing?: TestApp;
}

export interface TestRequest {
  readonly token?: string;
  /** Objects are sent as JSON; strings, buffers, streams and form data as they are. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestResponse<Body> {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed where it is JSON, else its text. */
  readonly body: Body;
}

export interface TestUser {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly token: string;
  readonly refreshToken: string;
}

export interface CreateUser {
  readonly role?: TestRole;
  readonly name?: string;
  readonly email?: string;
}

interface Session {
  readonly user: { readonly id: string; readonly email: string; readonly name: string };
  readonly accessToken: string;
  readonly refreshToken: string;
}

// What a JSON answer looks like where a test does not say more.
type Json = Record<string, unknown>;

/** The real application on a database of its own, listening on a port of its own. */
export class TestApp {
  private administrator: Promise<TestUser> | undefined;
  private nextUser = 1;
  private isClosed = false;

  constructor(
    readonly app: NestFastifyApplication,
    readonly environment: Environment,
    /** Without a path, for example `http://127.0.0.1:40123`. */
    readonly url: string,
    /** The variables that the application was started with. */
    readonly variables: TestVariables,
    /** What it serves, as the HTTP server was told: `GET /api/v1/courses/:courseId`. */
    readonly served: readonly string[],
    private readonly removeTraces: () => Promise<void>,
  ) {}

  /**
   * @param path below `/api/v1`, or of a route at the root (`/openapi.json`).
   */
  async request<Body = Json>(
    method: string,
    path: string,
    { token, body, headers = {} }: TestRequest = {},
  ): Promise<TestResponse<Body>> {
    const isJson =
      (typeof body === 'object' && Object.getPrototypeOf(body) === Object.prototype) || Array.isArray(body);
    const response = await fetch(this.url + (ROOT_ROUTE.test(path) ? path : API + path), {
      method,
      redirect: 'manual',
      headers: {
        ...(isJson ? { 'content-type': 'application/json' } : {}),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: isJson ? JSON.stringify(body) : (body as RequestInit['body']), duplex: 'half' }),
    });
    const text = await response.text();
    const type = response.headers.get('content-type') ?? '';
    const parsed: unknown = /\bjson\b/.test(type) && text !== '' ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: parsed as Body };
  }

  /** The first administrator, who was made from `ADMIN_EMAIL` and `ADMIN_PASSWORD` at the start. */
  admin(): Promise<TestUser> {
    this.administrator ??= this.signIn(
      this.variables['ADMIN_EMAIL'] ?? ADMIN.email,
      this.variables['ADMIN_PASSWORD'] ?? ADMIN.password,
    );
    return this.administrator;
  }

  /** Somebody new, signed in; a student unless told otherwise. Needs `REGISTRATION=open`. */
  async createUser({ role = 'student', name, email }: CreateUser = {}): Promise<TestUser> {
    const number = this.nextUser++;
    const account = {
      email: email ?? `${role}-${number}-${randomBytes(4).toString('hex')}@example.org`,
      name: name ?? `Test ${role} ${number}`,
      password: `password of ${role} ${number}`,
    };
    const registered = await this.request<Session>('POST', '/auth/register', { body: account });
    expectStatus(registered, 201, 'register');
    if (role === 'student') return userOf(registered.body, account.password);
    const { token } = await this.admin();
    const promoted = await this.request('PATCH', `/users/${registered.body.user.id}`, { token, body: { role } });
    expectStatus(promoted, 200, 'promote');
    // A change of role ends the sessions that were opened before it.
    return this.signIn(account.email, account.password);
  }

  async signIn(email: string, password: string): Promise<TestUser> {
    const response = await this.request<Session>('POST', '/auth/login', { body: { email, password } });
    expectStatus(response, 200, 'sign in');
    return userOf(response.body, password);
  }

  /** Stops the application and removes its database, keys and files. Harmless the second time. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    try {
      await this.app.close();
    } finally {
      await this.removeTraces();
    }
  }
}

function userOf({ user, accessToken, refreshToken }: Session, password: string): TestUser {
  return { id: user.id, email: user.email, name: user.name, password, token: accessToken, refreshToken };
}

function expectStatus(response: TestResponse<unknown>, status: number, what: string): void {
  if (response.status !== status) {
    throw new Error(`Could not ${what} for a test: ${response.status} ${JSON.stringify(response.body)}`);
  }
}

/** The backend of this run of the suite (`E2E_BACKEND`): SQLite with the embedded queue, or MariaDB with Bull on Redis. */
export function e2eBackend(): 'sqlite' | 'mariadb' {
  const backend = process.env['E2E_BACKEND'] ?? 'sqlite';
  if (backend === 'sqlite' || backend === 'mariadb') return backend;
  throw new Error('E2E_BACKEND must be sqlite or mariadb, for example E2E_BACKEND=mariadb.');
}

/**
 * Boots the application as `main.ts` does, migrated, on whatever `E2E_BACKEND` says, and listens on a free port. Set
 * `TEST_LOGS=1` to see its log.
 */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const { sharing, worker = true, variables: extra = {} } = options;
  if (sharing !== undefined) {
    const variables = { ...sharing.variables, ASSAY_ROLE: worker ? 'all' : 'api', ...extra };
    return boot(variables, false, async () => {});
  }
  const database = await createTemporaryDatabase(e2eBackend());
  const folder = await createTemporaryFolder();
  const variables = { ...variablesFor(database, folder), ASSAY_ROLE: worker ? 'all' : 'api', ...extra };
  const removeTraces = async (): Promise<void> => {
    await Promise.all([database.drop(), folder.remove(), removeKeys(variables)]);
  };
  try {
    return await boot(variables, true, removeTraces);
  } catch (error) {
    await removeTraces();
    throw error;
  }
}

function variablesFor(database: TemporaryDatabase, folder: TemporaryFolder): Record<string, string | undefined> {
  return {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: database.url,
    STORAGE_URL: `file:${folder.path}/files`,
    JWT_SECRET: randomBytes(48).toString('base64'),
    ADMIN_EMAIL: ADMIN.email,
    ADMIN_PASSWORD: ADMIN.password,
    LOG_LEVEL: process.env['TEST_LOGS'] === undefined ? 'silent' : 'debug',
    OUTBOX_SWEEP_MS: '200',
    RATE_LIMITS: 'off',
    ...(e2eBackend() === 'sqlite'
      ? {}
      : {
          REDIS_URL: process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379',
          REDIS_PREFIX: `{assay-test-${randomBytes(6).toString('hex')}}`,
        }),
  };
}

async function boot(variables: TestVariables, isFirst: boolean, removeTraces: () => Promise<void>): Promise<TestApp> {
  // Entities choose their column types from it when they are loaded, which is now.
  process.env['DATABASE_URL'] = variables['DATABASE_URL'];
  await import('reflect-metadata');
  const [{ NestFactory }, { AppModule }, { parseEnvironment }, { createHttpAdapter, setUpHttp }] = await Promise.all([
    import('@nestjs/core'),
    import('../../src/app.module.js'),
    import('../../src/config/env.js'),
    import('../../src/setup-http.js'),
  ]);
  const environment = parseEnvironment(variables);
  if (isFirst) await migrateDatabase(environment);
  const adapter = createHttpAdapter(environment);
  const served: string[] = [];
  adapter.getInstance().addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) served.push(`${one} ${url}`);
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(environment, { guardWrites: true }),
    adapter,
    {
      abortOnError: false,
      ...(process.env['TEST_LOGS'] === undefined ? { logger: false as const } : {}),
    },
  );
  try {
    await setUpHttp(app);
    await app.listen(0, '127.0.0.1');
    return new TestApp(app, environment, await app.getUrl(), variables, served, removeTraces);
  } catch (error) {
    await app.close();
    throw error;
  }
}

async function migrateDatabase(environment: Environment): Promise<void> {
  const { createDataSource } = await import('../../src/database/data-source.js');
  const { migrate } = await import('../../src/database/migrator.js');
  const dataSource = createDataSource(environment, []);
  await dataSource.initialize();
  try {
    await migrate(dataSource, environment);
  } finally {
    await dataSource.destroy();
  }
}

async function removeKeys(variables: TestVariables): Promise<void> {
  const url = variables['REDIS_URL'];
  const prefix = variables['REDIS_PREFIX'];
  if (url === undefined || prefix === undefined) return;
  const redis = new Redis(url);
  try {
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1_000);
      cursor = next;
      if (keys.length > 0) await redis.unlink(keys);
    } while (cursor !== '0');
  } finally {
    redis.disconnect();
  }
}
