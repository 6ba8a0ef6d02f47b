# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: looks for what it left the time before, then leaves it again, in start files, pipes and jobs.
found=
for path in /tmp/mark /box/mark /dev/shm/mark ~/.bashrc ~/.profile ~/.bash_history /box/pipe; do
  [ -e "$path" ] && found="$found $path"
done
[ -n "$MARK" ] && found="$found variable"
for path in /tmp/mark /box/mark /dev/shm/mark ~/.bashrc ~/.profile ~/.bash_history; do
  echo 'export MARK=x' >"$path"
done
mkfifo /box/pipe
setsid bash -c 'while :; do sleep 600; done' &
chmod 000 /box/main.sh
chmod 555 /box
echo "${found:-contained}"
