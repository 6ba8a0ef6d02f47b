# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: searches for what looks like an answer, a judge or a test, by name and by content.
found=$(find / -xdev \( -path /usr -o -path /node_modules -o -path /proc -o -path /etc -o -path /opt \) -prune -o -type f -size +0 ! -path /box/main.sh -print 2>/dev/null)
found=$found$(find /box /tmp /dev/shm \( -name '*.out' -o -name '*.ans' -o -iname '*expected*' -o -iname '*secret*' \) 2>/dev/null)
found=$found$(grep -rls 'grading' /box /tmp /proc/self/environ 2>/dev/null | grep -v '^/box/main.sh$')
echo "${found:-contained}"
