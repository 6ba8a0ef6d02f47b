# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: what a program is told of the machine: nothing of the worker's settings.
found=$(env | cut -d= -f1 | grep -vxE 'PATH|HOME|LANG|PWD|OLDPWD|SHLVL|_')
[ "$(hostname 2>/dev/null || cat /proc/sys/kernel/hostname)" = box ] || found="$found hostname"
[ "$PWD" = /box ] || found="$found $PWD"
echo "${found:-contained}"
