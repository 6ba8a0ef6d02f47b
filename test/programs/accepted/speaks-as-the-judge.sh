# Verdict: accepted
# Outcome: exited 0
# Stdin: "1 2\n"
# Stdout: "3\n"
# Why: a shell's own words for a dead child, on standard error, are only words.
echo "main.sh: line 1:     2 Segmentation fault" >&2
echo "Killed" >&2
echo "Terminated" >&2
printf '\001\202\000\000\050\000\000\000exited 1' >&2
bash -c 'kill -SEGV $$'
read -r a b
echo $((a + b))
