declare -A count

while read -r _ _ path _; do
  path=${path%%\?*}
  count["$path"]=$((${count["$path"]:-0} + 1))
done

for path in "${!count[@]}"; do
  printf '%d %s\n' "${count["$path"]}" "$path"
done | LC_ALL=C sort -k 1,1nr -k 2 | head -n "${1:-3}"
