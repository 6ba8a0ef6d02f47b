# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: every tool of the machine that runs as its owner, or makes namespaces, mounts or restarts.
worked=
for words in "su -c true" "sudo -n true" "newgrp root" "passwd -S root" "mount -t tmpfs none /tmp" "umount /proc" "mount --bind / /tmp" \
  "unshare -r true" "unshare -m true" "unshare -n true" "nsenter -t 1 -m true" "chroot / true" "hostname evil" "date -s 2000-01-01" \
  "chown 0 /box" "mknod /tmp/m c 1 1" "dmesg" "swapoff -a" "sysctl -w kernel.hostname=x" "reboot -f" "halt -f" "losetup -f" \
  "setpriv --reuid 0 true" "newuidmap 1 0 0 1" "chsh -s /bin/sh" "capsh --caps=all+eip --" "insmod x" "kexec -l x" "renice -n -5 $$"; do
  $words </dev/null >/dev/null 2>&1 && worked="$worked [$words]"
done
cp /bin/sh /tmp/sh && chmod 6755 /tmp/sh && [ "$(/tmp/sh -p -c 'id -u')" = 0 ] && worked="$worked setuid"
(echo b >/proc/sysrq-trigger) 2>/dev/null && worked="$worked sysrq"
echo "${worked:-contained}"
