import { chmod, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolderOf } from '../../../src/auth/data-folder.js';
import { readKeptSecret } from '../../../src/auth/kept-secret.js';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.js';

describe('the secret in the data folder', () => {
  let folder: TemporaryFolder;
  let file: string;

  beforeEach(async () => {
    folder = await createTemporaryFolder();
    file = join(folder.path, 'data', 'jwt-secret');
  });
  afterEach(() => folder.remove());

  it('is made once, for its owner only, and kept', async () => {
    const secret = await readKeptSecret(file);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(48);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readKeptSecret(file)).toBe(secret);
    expect(await readdir(join(folder.path, 'data'))).toEqual(['jwt-secret']);
  });

  it('is the same for all who start together', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => readKeptSecret(file)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(join(folder.path, 'data'))).toEqual(['jwt-secret']);
  });

  it('is not replaced when it is too short, which is said instead', async () => {
    const own = join(folder.path, 'jwt-secret');
    await writeFile(own, 'short\n');
    await chmod(own, 0o600);
    await expect(readKeptSecret(own)).rejects.toThrow(/less than 32 bytes/);
  });

  it('lies beside the SQLite file, or in ./data', () => {
    expect(dataFolderOf({ databaseDialect: 'sqlite', databaseUrl: 'sqlite:/srv/assay/assay.db' })).toBe('/srv/assay');
    expect(dataFolderOf({ databaseDialect: 'sqlite', databaseUrl: 'sqlite:./data/assay.db' })).toBe('./data');
    expect(dataFolderOf({ databaseDialect: 'postgres', databaseUrl: 'postgres://u@host/assay' })).toBe('./data');
  });
});
