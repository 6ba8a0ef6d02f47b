import { ensureToolbox, requireNode } from './lib/packages.mjs';
import { runCommand, say } from './lib/progress.mjs';

// npm run toolbox: installs what students' programs may import besides what they bring. Workers find it when they start.
await runCommand(async () => {
  requireNode();
  await ensureToolbox();
  say('The toolbox is installed. Its list is toolbox/package.json; workers show it to programs as /node_modules.');
});
