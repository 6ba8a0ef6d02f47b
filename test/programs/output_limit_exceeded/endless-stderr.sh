# Verdict: output_limit_exceeded
# Outcome: output_limit
# Why: a right answer on one stream does not make up for the other.
echo 3
yes spam >&2
