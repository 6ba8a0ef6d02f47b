import { build } from './lib/build.mjs';
import { runCommand } from './lib/progress.mjs';

// npm run build: `nest build`, and a note of when, so that other commands know whether they have to.
await runCommand(build);
