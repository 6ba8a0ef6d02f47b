# Verdict: output_limit_exceeded
# Outcome: output_limit
# Why: a right answer, and ten megabytes of NUL bytes after it.
echo 3
head -c 10M /dev/zero
