/** @param {readonly number[]} values */
export function median(values) {
  return quantile(values, 0.5);
}

/** The value below which a share of the values lies (nearest rank). @param {readonly number[]} values */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))];
}

const WIDTH = 40;

/** A bar for each row, as long as its value is large, so that ratios can be seen. @param {readonly [string, number, string][]} rows */
export function bars(rows) {
  const most = Math.max(...rows.map(([, value]) => value));
  const label = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(
      ([name, value, text]) =>
        `  ${name.padEnd(label)}  ${'█'.repeat(Math.max(1, Math.round((value / most) * WIDTH)))} ${text}`,
    )
    .join('\n');
}
