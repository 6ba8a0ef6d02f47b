import type { Json } from './http-test.js';
import { kindOf, shownJson } from './json-text.js';
import { isList } from './templates.js';

/**
 * Why `actual` does not hold what `expected` asks for, with the place as a path from `$`; null when it does. Members of
 * objects that `expected` does not name do not matter; lists have the same length, and each element holds what is expected in
 * its place. Numbers are equal by value, so 1 is 1.0; texts letter by letter.
 */
export function subsetDifference(expected: Json, actual: Json, path = '$'): string | null {
  if (isList(expected)) return listDifference(expected, actual, path);
  if (typeof expected !== 'object' || expected === null) {
    return expected === actual ? null : `${path}: expected ${shownJson(expected)}, got ${shownJson(actual)}`;
  }
  if (typeof actual !== 'object' || actual === null || isList(actual)) {
    return `${path}: expected an object, got ${shownJson(actual)}`;
  }
  for (const [name, member] of Object.entries(expected)) {
    const place = path + memberOf(name);
    const value = Object.hasOwn(actual, name) ? actual[name] : undefined;
    if (value === undefined) return `${place}: expected ${shownJson(member)}, but there is no such member`;
    const difference = subsetDifference(member, value, place);
    if (difference !== null) return difference;
  }
  return null;
}

function listDifference(expected: readonly Json[], actual: Json, path: string): string | null {
  if (!isList(actual)) return `${path}: expected a list, got ${kindOf(actual)}: ${shownJson(actual)}`;
  const shorter = Math.min(expected.length, actual.length);
  for (let index = 0; index < shorter; index += 1) {
    const difference = subsetDifference(expected[index] ?? null, actual[index] ?? null, `${path}[${index}]`);
    if (difference !== null) return difference;
  }
  if (expected.length === actual.length) return null;
  return `${path}: expected ${expected.length} elements, got ${actual.length}`;
}

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function memberOf(name: string): string {
  return PLAIN_NAME.test(name) ? `.${name}` : `['${name.replaceAll("'", String.raw`\'`)}']`;
}

/** Whether two values are the same: as `subsetDifference`, with no member more on either side. */
export function isSame(one: Json, other: Json): boolean {
  if (isList(one)) {
    return isList(other) && one.length === other.length && one.every((value, at) => isSame(value, other[at] ?? null));
  }
  if (typeof one !== 'object' || one === null) return one === other;
  if (typeof other !== 'object' || other === null || isList(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => {
      const [mine, theirs] = [one[name], Object.hasOwn(other, name) ? other[name] : undefined];
      return mine !== undefined && theirs !== undefined && isSame(mine, theirs);
    })
  );
}
