import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';

/** The first of some absolute paths that is an executable file of this machine, all links resolved; null when none is. */
export async function firstExecutable(candidates: readonly string[]): Promise<string | null> {
  for (const candidate of candidates) {
    try {
      await access(candidate, constants.X_OK);
      return await realpath(candidate);
    } catch {
      // Not there: the next place may have it.
    }
  }
  return null;
}

/** What a program of this machine says when started so, or null when it does not run. It is asked about itself only. */
export async function saidBy(path: string, ...words: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      path,
      words,
      { timeout: 10_000, env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' } },
      (error, stdout, stderr) => {
        resolve(error === null ? stdout || stderr : null);
      },
    );
  });
}

/** The first line of it. */
export async function firstLine(path: string, ...words: readonly string[]): Promise<string | null> {
  const said = await saidBy(path, ...words);
  return said === null ? null : (said.split('\n')[0] ?? '');
}
