import 'reflect-metadata';
import { loadEnvironment } from './config/env.js';
import { endWithReason } from './end-with-reason.js';
import { bringSchemaUpToDate } from './schema.js';

/** `npm run migrate`: brings the schema up to date and says what it did. */
async function main(): Promise<void> {
  const done = await bringSchemaUpToDate(loadEnvironment());
  for (const step of done) console.log(`ran ${step}`);
  console.log(
    done.length === 0
      ? 'The schema is up to date: nothing to do.'
      : `The schema is up to date: ${done.length} steps were run.`,
  );
}

main().catch(endWithReason);
