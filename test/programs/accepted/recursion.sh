# Verdict: accepted
# Outcome: exited 0
# Stdin: "48 36\n"
# Stdout: "12\n"
# Why: functions that call themselves, in subshells.
divisor() {
  if [ "$2" = 0 ]; then echo "$1"; else divisor "$2" $(($1 % $2)); fi
}
read -r a b
divisor "$a" "$b"
