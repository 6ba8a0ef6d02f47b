import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { compilePattern, REGEX_LIMITS } from '../regex-pattern.js';
import { FORMATS } from './json-schema-formats.js';
import { HTTP_LIMITS } from './http-limits.js';
import type { Json, JsonObject } from './http-test.js';
import { fromMembers, isList } from './templates.js';

/** A schema as a document holds it. */
export type AnswerSchema = boolean | JsonObject;

/** Beside each `$ref` of a compiled schema: what it leads to counts, so that references cannot multiply work without end. */
const COUNTED = 'x-assay-counted';
const MOST_REFERENCES = 100_000;

class Exhausted extends Error {}

/** Spent by the validation that is going on; validating is synchronous, so that there is only one. */
const spent = { references: 0, matching: 0 };

const ajv = new Ajv2020({
  strictTypes: false,
  strictTuples: false,
  strictRequired: false,
  allowUnionTypes: true,
  // Functions, so that what is referred to from many places is compiled once.
  inlineRefs: false,
  formats: FORMATS,
  code: { regExp: Object.assign(linearPattern, { code: 'linearPattern' }) },
});
ajv.addKeyword({
  keyword: COUNTED,
  schema: false,
  validate: () => {
    spent.references += 1;
    if (spent.references > MOST_REFERENCES) throw new Exhausted();
    return true;
  },
});

function linearPattern(pattern: string): { test: (text: string) => boolean; toString: () => string } {
  const compiled = compilePattern(pattern);
  if (!compiled.ok) throw new Error(`the pattern ${JSON.stringify(pattern)} ${compiled.fault}`);
  const perCharacter = Math.ceil(REGEX_LIMITS.work / compiled.maxTextBytes);
  return {
    test: (text) => {
      spent.matching += text.length * perCharacter;
      if (spent.matching > REGEX_LIMITS.work) throw new Exhausted();
      return compiled.matches(text);
    },
    // By this the validator tells patterns apart.
    toString: () => pattern,
  };
}

const compiledSchemas = new WeakMap<object, ValidateFunction>();

/** Why `schema` cannot be used, as the end of a sentence about it; null when it can. */
export function jsonSchemaFault(schema: AnswerSchema): string | null {
  if (typeof schema === 'boolean') return null;
  const counted = { values: 0 };
  const refusal = refusalOf(schema, counted);
  if (refusal !== null) return refusal;
  if (counted.values > HTTP_LIMITS.schemaValues) {
    return `is too large a JSON Schema: at most ${HTTP_LIMITS.schemaValues} values`;
  }
  try {
    // What refers to itself without getting anywhere in the JSON shows here.
    validate(compile(schema), null);
  } catch (error) {
    if (error instanceof Error) {
      return `is not a JSON Schema (2020-12) that can be used: ${error.message.slice(0, 300)}`;
    }
    throw error;
  }
  return null;
}

/** Why `value` is not as `schema`, one without fault, says; null when it is. */
export function schemaDifference(schema: AnswerSchema, value: Json): string | null {
  if (typeof schema === 'boolean') return schema ? null : 'nothing is allowed here';
  try {
    return validate(compile(schema), value);
  } catch (error) {
    if (error instanceof Exhausted || error instanceof RangeError) {
      return 'takes too long to compare with its JSON Schema';
    }
    throw error;
  }
}

function validate(matches: ValidateFunction, value: Json): string | null {
  spent.references = 0;
  spent.matching = 0;
  if (matches(value)) return null;
  const [error] = matches.errors ?? [];
  return error === undefined ? 'is not as the JSON Schema says' : explain(error);
}

function explain({ instancePath, message, params }: ErrorObject): string {
  const place = instancePath === '' ? 'the JSON' : instancePath;
  const { additionalProperty, unevaluatedProperty, allowedValues, allowedValue } = params as Readonly<
    Record<string, unknown>
  >;
  const detail = [additionalProperty, unevaluatedProperty, allowedValues, allowedValue].find(
    (one) => one !== undefined,
  );
  const shown = detail === undefined ? '' : ` (${JSON.stringify(detail)?.slice(0, 120) ?? ''})`;
  return `${place} ${message ?? 'is not as the JSON Schema says'}${shown}`;
}

function compile(schema: JsonObject): ValidateFunction {
  const known = compiledSchemas.get(schema);
  if (known !== undefined) return known;
  const counted = countingSchema(schema);
  if (typeof counted !== 'object' || counted === null) throw new Error('must be an object, or true or false');
  try {
    const matches = ajv.compile(counted);
    compiledSchemas.set(schema, matches);
    return matches;
  } finally {
    // The validator keeps what it needs; the instance would keep every schema that it ever saw.
    ajv.removeSchema(counted);
  }
}

const SINGLE = new Set(
  'items,additionalItems,contains,additionalProperties,propertyNames,unevaluatedItems,unevaluatedProperties,not,if,then,else'.split(
    ',',
  ),
);
const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);

/** `schema` with every reference counted. */
function countingSchema(schema: Json): Json {
  if (typeof schema !== 'object' || schema === null || isList(schema)) return schema;
  const members = Object.entries(schema).map(([name, value]): readonly [string, Json] => {
    if (SINGLE.has(name)) return [name, countingSchema(value)];
    if (LISTS.has(name) && isList(value)) return [name, value.map(countingSchema)];
    if (MAPS.has(name) && typeof value === 'object' && value !== null && !isList(value)) {
      return [name, fromMembers(Object.entries(value).map(([key, one]) => [key, countingSchema(one)]))];
    }
    return [name, value];
  });
  return fromMembers('$ref' in schema ? [[COUNTED, true], ...members] : members);
}

const REFUSED = new Map([
  ['$id', 'cannot have an `$id`: nothing refers to it'],
  ['$dynamicRef', 'cannot use `$dynamicRef`: use `$ref`'],
  ['$dynamicAnchor', 'cannot use `$dynamicAnchor`: use `$ref` with "#/$defs/…"'],
  ['$async', 'cannot be `$async`'],
  [COUNTED, `cannot use \`${COUNTED}\``],
]);

/** Looks at every object, whether it is a schema or not: what is refused here has no business in any of them. */
function refusalOf(value: Json, counted: { values: number }): string | null {
  counted.values += 1;
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    // A member that is called so, where it stands in `properties`, is an object.
    const refusal = typeof member === 'object' ? undefined : REFUSED.get(name);
    if (refusal !== undefined) return refusal;
    if (name === '$ref' && typeof member === 'string' && !member.startsWith('#')) {
      return 'can only refer to its own parts: write `$ref: "#/$defs/…"`';
    }
    const inside = refusalOf(member, counted);
    if (inside !== null) return inside;
  }
  return null;
}
