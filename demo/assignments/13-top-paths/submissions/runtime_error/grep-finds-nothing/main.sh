# Strict, and then surprised: grep ends with 1 when it finds nothing.
set -euo pipefail
export LC_ALL=C
cut -d ' ' -f 3 | cut -d '?' -f 1 | grep '^/' | sort | uniq -c | sed 's/^ *//' | sort -k 1,1nr -k 2 | head -n "${1:-3}"
