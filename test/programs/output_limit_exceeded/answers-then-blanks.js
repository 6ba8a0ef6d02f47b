// Verdict: output_limit_exceeded
// Outcome: output_limit
// Why: a right answer, and megabytes of line ends after it.
require('fs').writeSync(1, '3\n');
for (let turn = 0; turn < 1_000; turn += 1) require('fs').writeSync(1, '\n'.repeat(10_000));
