/**
 * Who may import whom: section 2 of the house style as rules. `npm run lint` fails on the first import that goes against
 * an arrow, on a cycle, and on a folder of src/ that is not named here.
 */

/** The base: imported by all, imports no feature. */
const base = ['config', 'database', 'errors', 'monitoring'];

/**
 * What each folder of src/ may import besides itself. Reading down the list is reading up the picture. The entry points,
 * which lie directly in src/, put the parts together and may import any; nothing imports them.
 */
const mayImport = {
  config: base,
  database: base,
  errors: base,
  // Where parts report metrics and readiness to, so that no part needs to know the health routes.
  monitoring: base,
  grading: [],
  http: base,
  sandbox: ['config', 'errors'],
  storage: ['config', 'errors'],
  redis: base,
  // HTML for people who follow a mailed link; what the forms do is put in by whoever serves them.
  pages: ['http', ...base],
  events: ['redis', ...base],
  queue: ['redis', ...base],
  // How many requests somebody may send.
  rates: ['redis', ...base],
  auth: ['rates', 'http', ...base],
  // Mails on their way out, sealed with a key of the server's; knows nobody's account.
  mail: ['auth', ...base],
  // Who did what, for those who ask later; whatever does something may tell it.
  audit: ['auth', 'http', ...base],
  users: ['mail', 'auth', 'audit', 'http', ...base],
  courses: ['users', 'audit', 'auth', 'http', ...base],
  invitations: ['courses', 'users', 'mail', 'audit', 'auth', 'http', ...base],
  assignments: ['courses', 'users', 'audit', 'auth', 'grading', 'http', ...base],
  submissions: [
    'assignments',
    'courses',
    'users',
    'audit',
    'auth',
    'grading',
    'queue',
    'events',
    'storage',
    'http',
    ...base,
  ],
  // Translations of packages of tests, as functions from files to what a client would send.
  packages: ['grading'],
  authoring: [
    'packages',
    'submissions',
    'assignments',
    'courses',
    'users',
    'audit',
    'auth',
    'grading',
    'queue',
    'storage',
    'http',
    ...base,
  ],
  // What workers tell of themselves and what is wanted of them, with the routes for it; knows no sandbox.
  workers: ['submissions', 'audit', 'auth', 'http', ...base],
  gradebook: ['submissions', 'assignments', 'courses', 'users', 'audit', 'auth', 'grading', 'http', ...base],
  // The one place that sees both a sandbox and a submission. No HTTP here, hence neither `http` nor `auth`.
  worker: [
    'submissions',
    'assignments',
    'courses',
    'users',
    'grading',
    'sandbox',
    'queue',
    'events',
    'storage',
    'workers',
    ...base,
  ],
  health: ['redis', 'queue', 'storage', 'auth', 'http', ...base],
};

const folders = Object.keys(mayImport);
const anyOf = (names) => `(?:${names.join('|')})`;
const npm = (names) => `node_modules/${anyOf(names)}/`;

const layers = folders.map((folder) => ({
  name: `layer-${folder}`,
  comment:
    `src/${folder}/ may import ${[folder, ...mayImport[folder]].join(', ')}. Where it needs an answer from above, let it ` +
    'declare a small port that the feature implements (house style, section 2).',
  severity: 'error',
  from: { path: `^src/${folder}/` },
  to: { path: '^src/', pathNot: `^src/${anyOf([folder, ...mayImport[folder]])}/` },
}));

const doors = [
  {
    name: 'grading-is-pure',
    comment:
      'grading/ is rules only: no Nest, no TypeORM, no node:*. Besides itself it may use ajv, ajv-formats, json-p3, re2js and saxes.',
    severity: 'error',
    from: { path: '^src/grading/' },
    to: { pathNot: ['^src/grading/', `^${npm(['ajv', 'ajv-formats', 're2js', 'saxes', 'json-p3'])}`] },
  },
  {
    name: 'packages-are-pure',
    comment:
      'packages/ turns files in memory into documents: no Nest, no TypeORM, no node:*. Besides grading/ it may use yaml.',
    severity: 'error',
    from: { path: '^src/packages/' },
    to: { pathNot: ['^src/(?:packages|grading)/', `^${npm(['yaml'])}`] },
  },
  {
    name: 'one-door-to-redis',
    comment: 'Only src/redis/ and src/queue/bull-* know a Redis library. Ask them through their classes.',
    severity: 'error',
    from: { path: '^(src|migrations)/', pathNot: ['^src/redis/', '^src/queue/bull-'] },
    to: { path: npm(['ioredis', 'redis', 'bull', 'bullmq']) },
  },
  {
    name: 'one-door-to-bull-modules',
    comment:
      "Nest's Bull module and the Bull board belong to src/queue/ or to the entry points that put parts together.",
    severity: 'error',
    from: { path: '^(src/[^/]+/|migrations/)', pathNot: '^src/queue/' },
    to: { path: npm(['@nestjs/bull', '@bull-board/[^/]+']) },
  },
  {
    name: 'one-door-to-foreign-programs',
    comment: 'Only src/sandbox/ starts processes. A program that is run anywhere else runs without limits.',
    severity: 'error',
    from: { path: '^(src|migrations)/', pathNot: '^src/sandbox/' },
    to: { path: '^(node:)?child_process$' },
  },
  {
    name: 'one-door-to-database-drivers',
    comment:
      'Only src/database/ and migrations/ know a driver or a dialect of our database. Elsewhere use TypeORM and our column types. ' +
      "The servers that students' SQL runs on are reached by src/worker/sql/*-connection.ts.",
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/database/', '^src/worker/sql/[a-z]+-connection[.]ts$'] },
    to: { path: npm(['mysql2', 'pg', 'better-sqlite3']) },
  },
  {
    name: 'controllers-say-services-do',
    comment: 'A controller imports services and DTOs of its own folder, auth/ and http/, and nothing else of Assay.',
    severity: 'error',
    from: { path: '^src/([^/]+)/.*[.]controller[.]ts$' },
    to: {
      path: '^(src|migrations)/',
      pathNot: ['^src/$1/.*[.]service[.]ts$', '^src/$1/.*dto/', '^src/(?:auth|http)/'],
    },
  },
  {
    name: 'controllers-know-no-table',
    comment: 'A controller makes one call to its service; queries live there.',
    severity: 'error',
    from: { path: '[.]controller[.]ts$' },
    to: { path: npm(['typeorm', '@nestjs/typeorm']) },
  },
];

const shape = [
  {
    name: 'no-cycles',
    comment:
      'Two files that import each other fail at load under ESM. Move what both need into a third, or declare a port.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'known-folders',
    comment: 'This folder of src/ has no place in the picture yet: give it a line in .dependency-cruiser.mjs.',
    severity: 'error',
    from: {},
    to: { path: '^src/[^/]+/', pathNot: `^src/${anyOf(folders)}/` },
  },
  {
    name: 'nothing-imports-an-entry-point',
    comment:
      'Files directly in src/ put the parts together. A part that needs one of them has the arrow the wrong way round.',
    severity: 'error',
    from: { path: '^(src/[^/]+/|migrations/)' },
    to: { path: '^src/[^/]+$' },
  },
  {
    name: 'migrations-stand-alone',
    comment: 'A migration describes the schema of its day; an entity that changes later must not change it.',
    severity: 'error',
    from: { path: '^migrations/' },
    to: { path: '^src/', pathNot: '^src/(?:database|config)/' },
  },
  {
    name: 'migrations-are-run-by-the-database',
    comment: 'Only src/database/ and the entry points load the list of migrations.',
    severity: 'error',
    from: { path: '^src/[^/]+/', pathNot: '^src/database/' },
    to: { path: '^migrations/' },
  },
  {
    name: 'only-what-ships',
    comment: 'src/ and migrations/ ship; tests, benchmarks and scripts do not.',
    severity: 'error',
    from: { path: '^(src|migrations)/' },
    to: { path: '^(test|bench|scripts|demo)/' },
  },
  {
    name: 'no-development-packages-in-production',
    comment: 'This package is missing where Assay is installed with --omit=dev. Move it to "dependencies".',
    severity: 'error',
    from: { path: '^(src|migrations)/', pathNot: '^src/worker/harness/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'declared-packages-only',
    comment: 'This import cannot be resolved, or its package is not in package.json: it works here by accident.',
    severity: 'error',
    // Harnesses run in the sandbox, with the packages of the toolbox.
    from: { path: '^(src|migrations|test|bench|scripts)/', pathNot: '^src/worker/harness/' },
    // dist/ is there only after a build; benchmarks measure what was built.
    to: {
      dependencyTypes: ['unknown', 'undetermined', 'npm-no-pkg', 'npm-unknown', 'deprecated'],
      pathNot: '(^|/)dist/',
    },
  },
  {
    name: 'unit-tests-stay-small',
    comment:
      'test/unit/ has no Nest, no server and no process: such a test belongs into contract/, integration/ or e2e/.',
    severity: 'error',
    from: { path: '^test/unit/' },
    to: {
      path: [
        npm(['@nestjs/testing', 'ioredis', 'bull', 'mysql2', 'pg', 'better-sqlite3']),
        '^(node:)?child_process$',
        '^test/support/temporary-database[.]ts$',
      ],
    },
  },
];

export default {
  forbidden: [...layers, ...doors, ...shape],
  options: {
    // Types count as well: what a part knows of another it knows, whether or not it is there at run time.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|data|test/programs)/' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
