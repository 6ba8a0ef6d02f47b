cut -d ' ' -f 3 | cut -d '?' -f 1 | LC_ALL=C sort | uniq -c | sed 's/^ *//' | LC_ALL=C sort -nr | head -n "${1:-3}"
