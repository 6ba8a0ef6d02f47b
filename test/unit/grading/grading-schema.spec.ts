import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { gradingDocumentSchema } from '../../../src/grading/grading-schema.js';

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every schema of a property or of the items of a list, with where it stands. */
function* propertiesOf(schema: Node, at = ''): Generator<[string, Node]> {
  const { properties, items, allOf } = schema;
  if (isNode(properties)) {
    for (const [name, property] of Object.entries(properties)) {
      if (!isNode(property)) continue;
      yield [`${at}/${name}`, property];
      yield* propertiesOf(property, `${at}/${name}`);
    }
  }
  if (isNode(items)) {
    yield [`${at}/*`, items];
    yield* propertiesOf(items, `${at}/*`);
  }
  for (const branch of Array.isArray(allOf) ? allOf : []) {
    if (isNode(branch) && isNode(branch['then'])) yield* propertiesOf(branch['then'], at);
  }
}

const properties = [...propertiesOf(gradingDocumentSchema)];
const typesOf = ({ type }: Node): unknown[] => (Array.isArray(type) ? type : [type]);
const ajv = new Ajv2020({ allowUnionTypes: true });

describe('the published schema', () => {
  it('is valid JSON Schema 2020-12 in strict mode, also after being sent as JSON', () => {
    const sent: unknown = JSON.parse(JSON.stringify(gradingDocumentSchema));
    expect(isNode(sent) && ajv.validateSchema(sent)).toBe(true);
    expect(() => ajv.compile(gradingDocumentSchema)).not.toThrow();
  });

  it('can be put into another document: it refers to nothing', () => {
    expect(JSON.stringify(gradingDocumentSchema)).not.toMatch(/"\$(id|ref|defs|anchor)"/);
  });

  it.each(properties)('tells readers of %s what it is', (at, schema) => {
    const missing = ['title', 'description', 'examples'].filter((keyword) => schema[keyword] === undefined);
    // The examples of the items of `tests` are those of the tests of each kind.
    expect(missing).toEqual(at === '/tests/*' ? ['examples'] : []);
  });

  it.each(properties)('gives an example of %s that it takes itself', (_, schema) => {
    const validate = ajv.compile(schema);
    for (const example of Array.isArray(schema['examples']) ? schema['examples'] : []) {
      expect(validate(example)).toBe(true);
    }
  });

  it('bounds every text, list and number, and takes no unknown property', () => {
    const BOUNDS: readonly (readonly [type: string, keyword: string])[] = [
      ['string', 'maxLength'],
      ['array', 'maxItems'],
      ['integer', 'minimum'],
      ['integer', 'maximum'],
      ['number', 'minimum'],
      ['object', 'additionalProperties'],
    ];
    const unbounded = [['', gradingDocumentSchema] as const, ...properties].flatMap(([at, schema]) =>
      BOUNDS.filter(([type, keyword]) => typesOf(schema).includes(type) && schema[keyword] === undefined).map(
        ([, keyword]) => `${at} ${keyword}`,
      ),
    );
    // The kinds of test bound themselves.
    expect(unbounded).toEqual(['/tests/* additionalProperties']);
  });

  it('takes its own example', () => {
    const validate = ajv.compile(gradingDocumentSchema);
    const examples = gradingDocumentSchema['examples'];
    expect(Array.isArray(examples) && examples.every((example) => validate(example))).toBe(true);
  });
});
