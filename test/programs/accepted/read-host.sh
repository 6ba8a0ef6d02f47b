# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: the host's files, by absolute paths, through /proc and by way of the parent folder.
found=
for path in /etc/shadow /root /home /var /srv /sys /mnt /boot /media /run/docker.sock /proc/1/environ /proc/1/root/etc/passwd \
  /proc/1/cwd/ /proc/kcore /dev/mem /dev/kmsg /dev/vda /dev/sda /dev/kvm /dev/log /box/../root /proc/self/root/root; do
  if [ -d "$path" ]; then
    ls "$path" >/dev/null 2>&1 && found="$found $path"
  else
    head -c 1 "$path" >/dev/null 2>&1 && found="$found $path"
  fi
done
[ "$(cut -d: -f1 /etc/passwd)" = box ] || found="$found passwd"
[ "$(id -u)" != 0 ] || found="$found root"
for folder in /proc/[0-9]*; do
  # Its own subshell is gone by the time that it is asked for.
  pid=${folder#/proc/}
  [ "$pid" = 1 ] || [ "$pid" = $$ ] || [ ! -d "$folder" ] || found="$found $pid"
done
echo "${found:-contained}"
