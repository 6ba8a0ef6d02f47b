import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const LEAST_BYTES = 32;

/**
 * The secret that is kept in a file, made at the first call. Processes that start together agree on one: each writes a file
 * of its own and links it to the common name, which only the first can do.
 *
 * @throws Error when the file is there but holds less than 32 bytes.
 */
export async function readKeptSecret(file: string): Promise<string> {
  const found = await readSecret(file);
  if (found !== null) return found;
  await mkdir(dirname(file), { recursive: true });
  const draft = join(dirname(file), `.jwt-secret-${randomBytes(8).toString('hex')}`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(randomBytes(48).toString('base64url'));
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const kept = await readSecret(file);
  if (kept === null) throw new Error(`${file} vanished while it was being made.`);
  return kept;
}

async function readSecret(file: string): Promise<string | null> {
  let secret: string;
  try {
    secret = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  if (Buffer.byteLength(secret) < LEAST_BYTES) {
    throw new Error(
      `${file} holds less than ${LEAST_BYTES} bytes: delete it, and a new one is made at the next start.`,
    );
  }
  return secret;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
