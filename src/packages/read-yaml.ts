import { parse, type ScalarTag } from 'yaml';
import { PackageFault } from './package-fault.js';

/** What a YAML file holds whose root is a map. */
export type YamlMap = Readonly<Record<string, unknown>>;

/** More is no description of a problem, and a parser takes seconds for it. */
const MOST_CHARACTERS = 6 * 1024 * 1024;

/** Uses of anchors; beyond it a small file may unfold to more than any memory holds. */
const MOST_ALIASES = 100;

/**
 * A YAML file that holds a map; an empty one holds an empty map.
 *
 * @throws PackageFault
 */
export function readYamlMap(
  text: string,
  path: string,
  customTags: readonly ScalarTag[] = [],
  { uniqueKeys = true }: { readonly uniqueKeys?: boolean } = {},
): YamlMap {
  if (text.length > MOST_CHARACTERS) {
    throw PackageFault.at(path, `is larger than ${MOST_CHARACTERS / 1024 / 1024} MiB`);
  }
  let value: unknown;
  try {
    value =
      parse(text.replace(/^\uFEFF/, ''), {
        maxAliasCount: MOST_ALIASES,
        customTags: [...customTags],
        logLevel: 'error',
        uniqueKeys,
      }) ?? {};
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    throw PackageFault.at(path, `is not YAML that can be read: ${reason.replace(/:$/, '')}`);
  }
  if (!isMap(value)) throw PackageFault.at(path, 'must hold keys with values');
  return value;
}

/** Whether a value that came from YAML or JSON is an object with members. */
export function isMap(value: unknown): value is YamlMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is not a map counts as an empty one. */
export function mapOrEmpty(value: unknown): YamlMap {
  return isMap(value) ? value : {};
}

/** A scalar as text; empty for all else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? `${value}` : '';
}
