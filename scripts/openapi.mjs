import { resolve } from 'node:path';
import { OPENAPI_FILE, writeOpenApi } from './lib/openapi.mjs';
import { requireNode } from './lib/packages.mjs';
import { runCommand, say } from './lib/progress.mjs';

// npm run openapi [-- FILE]: writes the OpenAPI document of the built application.
await runCommand(async () => {
  requireNode();
  const file = resolve(process.argv[2] ?? OPENAPI_FILE);
  await writeOpenApi(file);
  say(`Wrote ${file}`);
});
