# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: the numbers of processes tell nothing of other boxes.
trap 'echo contained' EXIT
[ "$(cd /proc && echo [0-9]* | wc -w)" -le 6 ] || ls /proc
for pid in 3 4 5 6 7 8 9 10 100 1000 10000; do
  [ $pid != $$ ] && kill -0 $pid 2>/dev/null && echo "$pid is there"
done
true
