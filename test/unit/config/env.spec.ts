import { describe, expect, it } from 'vitest';
import { dialectOf, EnvironmentError, parseEnvironment } from '../../../src/config/env.js';

type Variables = Readonly<Record<string, string>>;

const LONG_SECRET = 'kX3v9Qm2Lr8Tz5Wp7Yc4Bn6Hd1Jf0Gs!';

function faultsOf(variables: Variables): readonly { variable: string; message: string }[] {
  try {
    parseEnvironment(variables);
  } catch (error) {
    if (error instanceof EnvironmentError) return error.faults;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  it('needs nothing set: the defaults are those of the contract', () => {
    expect(parseEnvironment({})).toMatchObject({
      production: false,
      role: 'all',
      port: 3000,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:3000',
      workerHealthPort: null,
      databaseUrl: 'sqlite:./data/assay.db',
      databaseDialect: 'sqlite',
      redisUrl: null,
      storageFolder: './data/files',
      jwtSecrets: [],
      adminEmail: null,
      adminPassword: null,
      registration: 'open',
      sandbox: 'auto',
    });
  });

  it('takes an empty or blank variable for one that is not set', () => {
    expect(parseEnvironment({ PORT: '', DATABASE_URL: ' ', JWT_SECRET: '', REGISTRATION: '' })).toEqual(
      parseEnvironment({}),
    );
  });

  it.each<[Variables, string]>([
    [{ PORT: 'http' }, 'PORT'],
    [{ PORT: '65536' }, 'PORT'],
    [{ PORT: '-1' }, 'PORT'],
    [{ PORT: '3000.5' }, 'PORT'],
    [{ PORT: '0x10' }, 'PORT'],
    [{ WORKER_HEALTH_PORT: '70000' }, 'WORKER_HEALTH_PORT'],
    [{ DATABASE_URL: 'oracle://host/db' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'not a url' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'mysql://' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'mysql://host' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'postgres://host/' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'sqlite:' }, 'DATABASE_URL'],
    [{ REDIS_URL: 'localhost:6379' }, 'REDIS_URL'],
    [{ REDIS_URL: 'http://localhost' }, 'REDIS_URL'],
    [{ STORAGE_URL: './files' }, 'STORAGE_URL'],
    [{ STORAGE_URL: 'file:' }, 'STORAGE_URL'],
    [{ STORAGE_URL: 'ftp://host/files' }, 'STORAGE_URL'],
    [{ JWT_SECRET: 'short' }, 'JWT_SECRET'],
    [{ JWT_SECRET: `${LONG_SECRET},short` }, 'JWT_SECRET'],
    [{ JWT_SECRET: `${LONG_SECRET},` }, 'JWT_SECRET'],
    [{ NODE_ENV: 'production' }, 'JWT_SECRET'],
    [{ NODE_ENV: 'production', JWT_SECRET: 'a'.repeat(64) }, 'JWT_SECRET'],
    [{ ADMIN_EMAIL: 'admin@example.org' }, 'ADMIN_PASSWORD'],
    [{ ADMIN_PASSWORD: 'correct horse' }, 'ADMIN_EMAIL'],
    [{ ADMIN_EMAIL: 'admin', ADMIN_PASSWORD: 'correct horse' }, 'ADMIN_EMAIL'],
    [{ ADMIN_EMAIL: 'admin@example.org', ADMIN_PASSWORD: 'short' }, 'ADMIN_PASSWORD'],
    [{ REGISTRATION: 'maybe' }, 'REGISTRATION'],
    [{ WORKER_CONCURRENCY: '0' }, 'WORKER_CONCURRENCY'],
    [{ SANDBOX: 'none' }, 'SANDBOX'],
    [{ SANDBOX_RUNTIME: './runc' }, 'SANDBOX_RUNTIME'],
    [{ SANDBOX_RUNTIME: 'bin/runc' }, 'SANDBOX_RUNTIME'],
    [{ SANDBOX_RUNTIME: '-runc' }, 'SANDBOX_RUNTIME'],
    [{ SANDBOX_RUNTIME_ARGS: '--debug' }, 'SANDBOX_RUNTIME'],
    [{ SANDBOX_RUNTIME: 'runsc', SANDBOX_RUNTIME_ARGS: 'run' }, 'SANDBOX_RUNTIME_ARGS'],
    [{ SANDBOX_HUGE_PAGES: 'on' }, 'SANDBOX_HUGE_PAGES'],
    [{ LIMIT_TIME_MS: 'ten' }, 'LIMIT_TIME_MS'],
    [{ LOG_LEVEL: 'verbose' }, 'LOG_LEVEL'],
    [{ PUBLIC_URL: 'assay.example.org' }, 'PUBLIC_URL'],
    [{ TRUST_PROXY: '0' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '11' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: 'true' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: '10.0.0.0/33' }, 'TRUST_PROXY'],
    [{ TRUST_PROXY: 'loopback,proxy.example.org' }, 'TRUST_PROXY'],
    [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
    [{ CORS_ORIGINS: 'https://lms.example.org/' }, 'CORS_ORIGINS'],
    [{ CORS_ORIGINS: 'lms.example.org' }, 'CORS_ORIGINS'],
    [{ RATE_LIMITS: 'no' }, 'RATE_LIMITS'],
    [{ RATE_ACCOUNT: '0' }, 'RATE_ACCOUNT'],
    [{ RATE_LIMITS: 'off', RATE_ADDRESS: 'many' }, 'RATE_ADDRESS'],
    [{ LIMIT_CONNECTIONS: '0' }, 'LIMIT_CONNECTIONS'],
    [{ LIMIT_SUBMISSIONS_PER_HOUR: '0' }, 'LIMIT_SUBMISSIONS_PER_HOUR'],
    [{ LIMIT_STORED_MIB_PER_STUDENT: '-1' }, 'LIMIT_STORED_MIB_PER_STUDENT'],
  ])('%j is refused by name', (variables, name) => {
    const faults = faultsOf(variables);
    expect(faults.map((fault) => fault.variable)).toEqual([name]);
    expect(faults[0]?.message).toMatch(/\.$/);
  });

  it('trusts no proxy, lets no page of another origin in, and counts requests, unless told otherwise', () => {
    expect(parseEnvironment({})).toMatchObject({
      trustedProxies: false,
      corsOrigins: [],
      rateCeilings: { account: 1_200, address: 3_000, signIn: 900, costly: 60 },
    });
    expect(parseEnvironment({ TRUST_PROXY: '2', RATE_LIMITS: 'off' })).toMatchObject({
      trustedProxies: 2,
      rateCeilings: null,
    });
    const lists = {
      TRUST_PROXY: 'loopback, 10.0.0.0/8 ,2001:db8::/32',
      CORS_ORIGINS: 'https://a.org, http://b.org:8080',
    };
    expect(parseEnvironment(lists)).toMatchObject({
      trustedProxies: ['loopback', '10.0.0.0/8', '2001:db8::/32'],
      corsOrigins: ['https://a.org', 'http://b.org:8080'],
    });
  });

  it('takes an OCI runtime by name or by path, and options for it', () => {
    expect(parseEnvironment({ SANDBOX_RUNTIME: '' })).toMatchObject({
      sandboxRuntime: null,
      sandboxRuntimeArguments: [],
    });
    expect(parseEnvironment({ SANDBOX_RUNTIME: 'youki.v2' })).toMatchObject({
      sandboxRuntime: 'youki.v2',
      sandboxRuntimeArguments: [],
    });
    const both = { SANDBOX_RUNTIME: '/opt/g visor/runsc', SANDBOX_RUNTIME_ARGS: ' --debug  --platform=kvm ' };
    expect(parseEnvironment(both)).toMatchObject({
      sandboxRuntime: '/opt/g visor/runsc',
      sandboxRuntimeArguments: ['--debug', '--platform=kvm'],
    });
  });

  it('names every fault at once, each with one line and what would be right', () => {
    const faults = faultsOf({ PORT: 'x', DATABASE_URL: 'x', REDIS_URL: 'x', STORAGE_URL: 'x', REGISTRATION: 'x' });
    expect(faults.map((fault) => fault.variable).sort()).toEqual([
      'DATABASE_URL',
      'PORT',
      'REDIS_URL',
      'REGISTRATION',
      'STORAGE_URL',
    ]);
    for (const { message } of faults) {
      expect(message).toContain('for example');
      expect(message).not.toContain('\n');
    }
  });

  it('never says a value, which may be a secret', () => {
    const canary = 'c4n4ry';
    const names = [
      'PORT',
      'WORKER_HEALTH_PORT',
      'DATABASE_URL',
      'DATABASE_POOL_SIZE',
      'REDIS_URL',
      'STORAGE_URL',
      'JWT_SECRET',
      'ADMIN_EMAIL',
      'REGISTRATION',
      'WORKER_CONCURRENCY',
      'SANDBOX',
      'LIMIT_MEMORY_MIB',
      'GRADING_LEASE_MS',
      'LOG_LEVEL',
      'PUBLIC_URL',
      'ASSAY_ROLE',
    ];
    const faults = faultsOf({
      ...Object.fromEntries(names.map((name) => [name, canary])),
      ADMIN_PASSWORD: canary,
    });
    expect(faults.length).toBeGreaterThanOrEqual(names.length);
    expect(new EnvironmentError(faults).message).not.toContain(canary);
  });

  it('reads a list of keys, the first of which signs', () => {
    const second = LONG_SECRET.toLowerCase();
    expect(parseEnvironment({ JWT_SECRET: `${LONG_SECRET}, ${second}` }).jwtSecrets).toEqual([LONG_SECRET, second]);
  });

  it.each([
    ['mysql://u:p@host:3306/assay', 'mysql'],
    ['mariadb://u@host/assay', 'mariadb'],
    ['postgres://u@host/assay', 'postgres'],
    ['postgresql://u@host/assay', 'postgres'],
    ['sqlite:./data/assay.db', 'sqlite'],
  ])('takes %s for %s', (url, dialect) => {
    expect(dialectOf(url)).toBe(dialect);
    expect(parseEnvironment({ DATABASE_URL: url }).databaseDialect).toBe(dialect);
  });

  it('builds the public address from host and port, without a slash at its end', () => {
    expect(parseEnvironment({ HOST: '0.0.0.0', PORT: '8080' }).publicUrl).toBe('http://0.0.0.0:8080');
    expect(parseEnvironment({ PUBLIC_URL: 'https://assay.example.org/' }).publicUrl).toBe('https://assay.example.org');
  });
});
