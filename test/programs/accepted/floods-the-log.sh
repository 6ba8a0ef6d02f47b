# Verdict: accepted
# Outcome: exited 0
# Stdout: "contained\n"
# Why: the system's log, its users' terminals and its mail are out of reach.
reached=
echo flood | logger 2>/dev/null && [ -e /dev/log ] && reached="$reached log"
(echo flood >/dev/console) 2>/dev/null && reached="$reached console"
(echo flood >/dev/tty) 2>/dev/null && reached="$reached tty"
(echo flood >/dev/kmsg) 2>/dev/null && reached="$reached kmsg"
[ -e /dev/pts/0 ] && reached="$reached pts"
[ -e /dev/tty1 ] && reached="$reached tty1"
echo "${reached:-contained}"
