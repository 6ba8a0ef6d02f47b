export LC_ALL=C
cut -d ' ' -f 3 | sort | uniq -c | sed 's/^ *//' | sort -k 1,1nr -k 2 | head -n "${1:-3}"
