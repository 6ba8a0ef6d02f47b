import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTemporaryFolder } from '../temporary-folder.js';

/** What is looked at in a schema of the OpenAPI document. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly additionalProperties?: unknown;
  readonly example?: unknown;
  readonly enum?: readonly unknown[];
}

interface Operation {
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A route of the document. */
export interface ApiRoute {
  /** Such as `GET /api/v1/courses/{courseId}`. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  /** True where the document asks for no credentials. */
  readonly isPublic: boolean;
  /** The schema of its JSON body; undefined where it takes none. */
  readonly body: Schema | undefined;
}

/** The OpenAPI document of the built application. */
export class ApiDocument {
  readonly routes: readonly ApiRoute[];

  private constructor(private readonly document: OpenApi) {
    this.routes = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { security, requestBody }]) => ({
        route: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        isPublic: security?.length === 0,
        body: requestBody?.content['application/json']?.schema,
      })),
    );
  }

  /** Has it written by `dist/`, where alone the types and docstrings of bodies are known. */
  static async read(): Promise<ApiDocument> {
    const folder = await createTemporaryFolder();
    try {
      const file = join(folder.path, 'openapi.json');
      const program = join(import.meta.dirname, '../../../dist/src/openapi.js');
      const { PATH, HOME } = process.env;
      const env = { PATH, HOME, DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'error' };
      await promisify(execFile)(process.execPath, [program, file], { env, cwd: folder.path });
      return new ApiDocument(JSON.parse(await readFile(file, 'utf8')) as OpenApi);
    } finally {
      await folder.remove();
    }
  }

  /** A body that the schema takes: the examples of all that is required, or of everything. */
  exampleOf(schema: Schema, which: 'required' | 'all' = 'required'): Record<string, unknown> {
    const { properties = {}, required = [] } = this.resolve(schema);
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => which === 'all' || required.includes(name))
        .map(([name, property]) => [name, this.exampleValue(property)]),
    );
  }

  /** The names that an object of this schema may have; null where it takes any. */
  namesOf(schema: Schema): ReadonlySet<string> | null {
    const { properties, additionalProperties } = this.resolve(schema);
    return properties === undefined || additionalProperties === true ? null : new Set(Object.keys(properties));
  }

  /** The schema itself, not the reference to it. */
  resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1);
    const found = name === undefined ? schema : (this.document.components.schemas[name] ?? schema);
    return found.allOf?.length === 1 && found.properties === undefined
      ? { ...this.resolve(found.allOf[0] ?? {}), ...found }
      : found;
  }

  private exampleValue(given: Schema): unknown {
    const schema = this.resolve(given);
    if (schema.example !== undefined) return schema.example;
    if (schema.enum !== undefined) return schema.enum[0];
    if (schema.properties !== undefined) return this.exampleOf(schema, 'required');
    if (schema.items !== undefined) return [this.exampleValue(schema.items)];
    return undefined;
  }
}
