# Verdict: accepted
# Outcome: exited 0
# Stdin: "pear\nfig\napple\nfig\n"
# Stdout: "2 fig\n1 pear\n1 apple\n4\n"
# Why: a pipeline of the usual tools, and process substitution.
input=$(cat)
sort <<<"$input" | uniq -c | sort -k1,1nr -k2,2r | awk '{ print $1, $2 }'
wc -l < <(printf '%s\n' "$input") | tr -d ' '
