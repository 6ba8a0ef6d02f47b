# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: a shell writes to every small descriptor number.
found=
for number in {3..63}; do
  (echo 'exited 0' >&$number) 2>/dev/null && found="$found $number"
done
echo "${found:-contained}"
