// Verdict: output_limit_exceeded
// Outcome: output_limit
// Why: whole blocks at a time.
const block = Buffer.alloc(1 << 16, 'spam\n');
for (;;) require('fs').writeSync(1, block);
