# Verdict: runtime_error
# Outcome: exited 1
# Why: a file larger than the disk is refused, and the shell's command fails.
set -e
truncate -s 1T /tmp/sparse 2>/dev/null || exit 1
echo made
