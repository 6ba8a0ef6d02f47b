# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: Bash has sockets of its own, and a machine has tools for the rest.
reached=
for target in 127.0.0.1/22 127.0.0.1/3306 127.0.0.1/6379 169.254.169.254/80 1.1.1.1/53 10.0.0.1/80 172.17.0.1/2375; do
  (exec 3<>"/dev/tcp/$target") 2>/dev/null && reached="$reached $target"
done
(exec 3<>/dev/tcp/localhost/6379) 2>/dev/null && reached="$reached localhost"
(echo x >/dev/udp/1.1.1.1/53) 2>/dev/null && reached="$reached udp"
getent hosts example.com >/dev/null 2>&1 && reached="$reached name"
[ "$(cut -d: -f1 /proc/net/dev 2>/dev/null | tail -n +3 | tr -d ' \n')" = lo ] || reached="$reached devices"
echo "${reached:-contained}"
