# Verdict: accepted
# Outcome: exited 0
# Stdin: "Grüße, 漢字 und 😀\n"
# Stdout: "15 24\n"
# Why: characters and bytes are counted apart.
read -r line
echo "${#line} $(printf '%s' "$line" | wc -c)"
