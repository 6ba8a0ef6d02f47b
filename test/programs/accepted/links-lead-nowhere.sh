# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: links, pipes and devices under names that somebody may collect or serve.
worked=
cd /tmp || exit 1
for target in /etc/shadow /proc/1/root/etc/shadow ../../../../etc/shadow /proc/self/fd/0/../../../1/environ; do
  ln -sf "$target" report.txt
  cat report.txt >/dev/null 2>&1 && worked="$worked $target"
done
ln /usr/bin/passwd hard 2>/dev/null && worked="$worked hard"
mknod device c 1 1 2>/dev/null && worked="$worked device"
mknod disk b 254 0 2>/dev/null && worked="$worked disk"
mkfifo results.json
ln -s / root
ln -s root/root/root all
ln -s self self
echo "${worked:-contained}"
