# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: writes until the disk is full, in both folders, and tries to change the system.
found=
for folder in /box /tmp; do
  head -c 64M /dev/zero >$folder/big 2>/dev/null
  [ "$(stat -c %s $folder/big)" -le $((16 << 20)) ] || found="$found $folder"
  rm $folder/big
done
for path in /x /usr/bin/x /etc/x /run/x /dev/x /proc/1/x; do
  (echo x >$path) 2>/dev/null && found="$found $path"
done
rm -rf /usr/bin/true /etc/passwd 2>/dev/null
[ -e /usr/bin/true ] && [ -e /etc/passwd ] || found="$found deleted"
chmod u+w /usr /etc 2>/dev/null && found="$found chmod"
mv /usr/bin /usr/bin.old 2>/dev/null && found="$found mv"
echo "${found:-contained}"
