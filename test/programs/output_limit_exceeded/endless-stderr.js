// Verdict: output_limit_exceeded
// Outcome: output_limit
// Why: standard error has a limit of its own. (process.stderr would only fill memory: it never waits for a full pipe.)
const { writeSync } = require('fs');
for (;;) writeSync(2, 'spam\n'.repeat(100));
