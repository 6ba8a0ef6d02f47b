# Verdict: accepted
# Outcome: exited 0
# Stdin: "ada:36\nalan:41\ngrace:85\n"
# Stdout: "GRACE 85\nALAN 41\nADA 36\n3 lines, 162 years\n"
# Why: arrays, here-documents, patterns and arithmetic.
declare -A age
names=()
while IFS=: read -r name years; do
  names+=("$name")
  age[$name]=$years
done
total=0
for ((index = ${#names[@]} - 1; index >= 0; index--)); do
  name=${names[index]}
  echo "${name^^} ${age[$name]}"
  total=$((total + age[$name]))
done
cat <<END
${#names[@]} lines, $total years
END
