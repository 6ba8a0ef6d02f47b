import { pointer, type DocumentFault } from './document-fault.js';
import { type GradingDocument, type GradingService, SERVICE_NAMES } from './grading-document.js';
import type { RawGradingDocument } from './raw-grading-document.js';
import { DOCUMENT_LIMITS, type JsonSchema, path } from './schema-parts.js';

const name = {
  enum: SERVICE_NAMES,
  title: 'Service',
  description: 'A key of the services of GET /runtimes.',
  examples: ['postgres'],
};

/** The schema of `services`. */
export const servicesSchema: JsonSchema = {
  type: 'array',
  title: 'Services',
  description:
    'Servers that run beside each submission while it is graded: an instance of its own for each grading run, which answers ' +
    'before anything of the submission runs. Its programs find it by REDIS_URL, MYSQL_URL, POSTGRES_URL, MONGODB_URL or COUCHDB_URL.',
  maxItems: SERVICE_NAMES.length,
  items: {
    title: 'Service',
    description: 'A service without content of its own by its name; one that is filled as an object.',
    examples: ['redis', { name: 'postgres', seed: 'schema.sql' }],
    anyOf: [
      name,
      {
        type: 'object',
        title: 'Service',
        additionalProperties: false,
        required: ['name'],
        properties: {
          name,
          seed: {
            anyOf: [
              { ...path, title: 'Seed' },
              { type: 'array', title: 'Seeds', maxItems: DOCUMENT_LIMITS.files, items: { ...path, title: 'Seed' } },
            ],
            title: 'Seed',
            description:
              'Files of this document that the service is filled with, by its own client: SQL, commands of redis-cli, a script ' +
              'for mongosh, JSON with `docs` for CouchDB.',
            default: [],
            examples: ['schema.sql'],
          },
        },
        examples: [{ name: 'postgres', seed: 'schema.sql' }],
      },
    ],
  },
  default: [],
  examples: [['redis', { name: 'postgres', seed: ['schema.sql', 'data.sql'] }]],
};

/** `services` of a document without faults, in full. */
export function normaliseServices(raw: RawGradingDocument['services']): readonly GradingService[] {
  return (raw ?? []).map((service) => {
    if (typeof service === 'string') return { name: service, seed: [] };
    const { name: key, seed = [] } = service;
    return { name: key, seed: typeof seed === 'string' ? [seed] : seed };
  });
}

/** What is wrong with the services of a document of the right shape. */
export function serviceFaults(raw: RawGradingDocument): DocumentFault[] {
  const services = normaliseServices(raw.services);
  const files = new Set((raw.files ?? []).map((file) => file.path));
  return services.flatMap((service, index) => {
    const path = pointer('services', index);
    const isFirst = services.findIndex((other) => other.name === service.name) === index;
    return [
      ...(isFirst ? [] : [{ path, message: `asks for ${service.name} once more: one instance is all that there is` }]),
      ...service.seed
        .filter((seed) => !files.has(seed))
        .map((seed) => ({
          path: `${path}/seed`,
          message: `names ${seed}, which is not the path of a file in \`files\``,
        })),
    ];
  });
}

/** `services` as students see them: without the names of files that are hidden from them. */
export function presentServices({ services = [], files }: GradingDocument): readonly GradingService[] {
  const hidden = new Set(files.filter((file) => file.hidden).map((file) => file.path));
  return services.map((service) => ({ ...service, seed: service.seed.filter((seed) => !hidden.has(seed)) }));
}
