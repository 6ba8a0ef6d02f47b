# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: a shell raises its own limits.
found=
for name in n f t c u l; do
  (ulimit -H$name unlimited) 2>/dev/null && [ "$(ulimit -H$name)" != unlimited ] && found="$found $name"
done
for path in /sys/fs/cgroup /proc/sys/kernel/core_pattern /proc/sys/kernel/pid_max /proc/1/oom_score_adj /proc/self/setgroups; do
  [ -w "$path" ] && (echo 1 >"$path") 2>/dev/null && found="$found $path"
done
echo "${found:-contained}"
