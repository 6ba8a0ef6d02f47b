import {
  FunctionExpressionType,
  JSONPathEnvironment,
  JSONPathError,
  type JSONPathQuery,
  type JSONValue,
} from 'json-p3';
import { compilePattern, REGEX_LIMITS, type CompiledPattern } from '../regex-pattern.js';
import { HTTP_LIMITS } from './http-limits.js';
import type { Json } from './http-test.js';

/**
 * What of JSONPath can multiply work. With these, and JSON within `HTTP_LIMITS`, a query visits some tens of millions of
 * values at worst, which no document needs and only one made to be slow comes near.
 */
const MOST = { descents: 2, filters: 4, commas: 4 } as const;

/** What a query gave: the value of a singular one (names and indexes only), or all values in their order. */
export interface PathResult {
  readonly isSingular: boolean;
  readonly values: readonly Json[];
}

/** A query from the root, without its texts: as many names and indexes as follow, and what else goes on from there. */
const ABSOLUTE = /\$(?:\.[^\W\d]\w*|\[\s*(?:""|-?\d+)\s*\])*\s*([.[])?/g;

/** More than this is not looked at. */
const MOST_VALUES = 1_000;

class Exhausted extends Error {}

/** RFC 9535, with `match` and `search` in linear time and with a bound for all of one query together. */
class BoundedEnvironment extends JSONPathEnvironment {
  private work = 0;
  private readonly patterns = new Map<string, CompiledPattern>();

  constructor() {
    // One more than JSON that is looked into has, so that the bound is never what decides.
    super({ maxRecursionDepth: HTTP_LIMITS.jsonDepth + 2 });
  }

  protected override setupFilterFunctions(): void {
    super.setupFilterFunctions();
    const register = (name: string, around: (pattern: string) => string): void => {
      this.functionRegister.set(name, {
        argTypes: [FunctionExpressionType.ValueType, FunctionExpressionType.ValueType],
        returnType: FunctionExpressionType.LogicalType,
        call: (text: unknown, pattern: unknown) =>
          typeof text === 'string' && typeof pattern === 'string' && this.matches(text, around(pattern)),
      });
    };
    register('search', (pattern) => pattern);
    register('match', (pattern) => `^(?:${pattern})$`);
  }

  private matches(text: string, pattern: string): boolean {
    let compiled = this.patterns.get(pattern);
    if (compiled === undefined) {
      compiled = compilePattern(pattern);
      this.patterns.set(pattern, compiled);
    }
    // A text costs what it holds times what the pattern allows: its share of the work that one match may cost.
    this.work += compiled.ok ? 1_000 + text.length * Math.ceil(REGEX_LIMITS.work / compiled.maxTextBytes) : 10_000;
    if (this.work > REGEX_LIMITS.work) throw new Exhausted();
    return compiled.ok && compiled.matches(text);
  }
}

/** Why `path` is no JSONPath that can be used, as the end of a sentence about it; null when it is one. */
export function jsonPathFault(path: string): string | null {
  try {
    compile(path);
  } catch (error) {
    if (error instanceof JSONPathError) return `is not a JSONPath (RFC 9535): ${error.message.slice(0, 200)}`;
    throw error;
  }
  const bare = path.replaceAll(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g, '""');
  const count = (pattern: RegExp): number => bare.match(pattern)?.length ?? 0;
  if (count(/\.\./g) > MOST.descents) return `is too costly a JSONPath: at most ${MOST.descents} times ".."`;
  if (count(/\?/g) > MOST.filters) return `is too costly a JSONPath: at most ${MOST.filters} filters`;
  if (count(/,/g) > MOST.commas) return `is too costly a JSONPath: at most ${MOST.commas} commas`;
  // Asked again for each value that the filter looks at.
  if ([...bare.slice(1).matchAll(ABSOLUTE)].some(([, next]) => next !== undefined)) {
    return 'is too costly a JSONPath: inside a filter "$" can be followed by names and indexes only';
  }
  return null;
}

/**
 * What `path`, without fault, gives for `value`, JSON as `readJson` reads it.
 *
 * @returns null where the query would cost more than it may.
 */
export function queryJsonPath(path: string, value: Json): PathResult | null {
  const query = compile(path);
  const values: Json[] = [];
  try {
    for (const node of query.lazyQuery(asValue(value))) {
      values.push(asJson(node.value));
      if (values.length >= MOST_VALUES) break;
    }
  } catch (error) {
    if (error instanceof Exhausted || error instanceof JSONPathError) return null;
    throw error;
  }
  return { isSingular: query.singularQuery(), values };
}

function compile(path: string): JSONPathQuery {
  return new BoundedEnvironment().compile(path);
}

/** The library reads values and changes none. */
function asValue(value: Json): JSONValue {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return value as JSONValue;
}

/** What a query finds is a part of what it looked into. */
function asJson(value: JSONValue): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return value as Json;
}
