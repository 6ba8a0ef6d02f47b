import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { root, runOrFail } from './processes.mjs';
import { CommandFailure, step } from './progress.mjs';

/** Where the document lies unless told otherwise. In dist/, since it is made from what is there. */
export const OPENAPI_FILE = join(root, 'dist', 'openapi.json');

/**
 * Writes the OpenAPI document. It is made by the built application: the Swagger plugin, which reads types and docstrings,
 * works in the compiler and nowhere else.
 *
 * @param {string} file
 */
export async function writeOpenApi(file) {
  await ensureBuilt();
  const program = join(root, 'dist', 'src', 'openapi.js');
  await access(program).catch(() => {
    throw new CommandFailure(
      'There is no src/openapi.ts, which writes the OpenAPI document: add it, then run this again.',
    );
  });
  await step('Writing the OpenAPI document', () =>
    runOrFail(process.execPath, ['--enable-source-maps', program, file], {
      failure: 'src/openapi.ts failed, see above.',
    }),
  );
}
