// Verdict: runtime_error
// Outcome: exited 1
// Why: a package that was not handed in.
require('a-package-of-my-own-machine');
