# Verdict: accepted
# Outcome: exited 0
# Stdin: "3\n"
# Stdout: "27\n"
# Files: {"lib/cube.sh": "cube() { echo $(($1 * $1 * $1)); }\n"}
# Why: a library of functions.
. "$(dirname "$0")/lib/cube.sh"
read -r n
cube "$n"
