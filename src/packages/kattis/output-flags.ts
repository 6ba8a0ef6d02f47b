import { PackageFault } from '../package-fault.js';
import type { Warn } from '../translated-package.js';

type Compare = Readonly<Record<string, unknown>>;

/** The flags of Kattis's default output validator, as `expect` of a program test says them. @throws PackageFault */
export function compareOptions(flags: readonly string[], path: string, warn: Warn): Compare {
  const tolerance: { absolute?: number; relative?: number } = {};
  let caseSensitive = false;
  let spaceSensitive = false;
  for (let index = 0; index < flags.length; index += 1) {
    const flag = flags[index] ?? '';
    if (flag === 'case_sensitive') caseSensitive = true;
    else if (flag === 'space_change_sensitive') spaceSensitive = true;
    else if (/^float_(?:(?:absolute|relative)_)?tolerance$/.test(flag)) {
      index += 1;
      const value = Number(flags[index] ?? Number.NaN);
      if (!(value >= 0 && value < Infinity)) throw PackageFault.at(path, `${flag} needs a number behind it`);
      if (!flag.includes('relative')) tolerance.absolute = value;
      if (!flag.includes('absolute')) tolerance.relative = value;
    } else warn(path, `${flag} is not known: left out`);
  }
  const hasTolerance = Object.keys(tolerance).length > 0;
  if (spaceSensitive && !hasTolerance) {
    if (!caseSensitive) warn(path, '`exact` is used for space_change_sensitive: upper and lower case differ too');
    return { compare: 'exact' };
  }
  if (spaceSensitive) warn(path, 'white space is not compared: with a tolerance for numbers it cannot be');
  return {
    compare: 'tokens',
    ...(caseSensitive ? { caseSensitive: true } : {}),
    ...(hasTolerance ? { floatTolerance: tolerance } : {}),
  };
}
