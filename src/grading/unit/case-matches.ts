/** What stands between the parts of a case's name, in the frameworks' own ways. */
const SEPARATORS = ['::', ' > ', '.', ': ', '/'];

/**
 * Whether the case called `name` is one that `key`, a name of an author, means: the whole name, or its last parts
 * (`test_adds` for `test_calc.py::test_adds`), with or without the parameters of a parametrized one (`test_adds[1-2]`).
 */
export function caseMatches(key: string, name: string): boolean {
  const plain = name.replace(/\[[^[\]]*\]$/, '');
  return [name, plain].some((one) => one === key || SEPARATORS.some((separator) => one.endsWith(`${separator}${key}`)));
}

/** The key of `keys` that means the case best: the longest. Null: none does. */
export function keyOf(keys: readonly string[], name: string): string | null {
  return keys.reduce<string | null>(
    (best, key) => (caseMatches(key, name) && key.length > (best?.length ?? -1) ? key : best),
    null,
  );
}
