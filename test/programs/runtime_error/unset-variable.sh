# Verdict: runtime_error
# Outcome: exited
# Why: a careful script ends at its first mistake.
set -euo pipefail
echo "$undefined"
