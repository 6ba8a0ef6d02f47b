import { pointer } from '../document-fault.js';
import { contentFault, textFault } from '../test-faults.js';
import type { Json } from './http-test.js';
import type { RawHttpRequest } from './raw-http-test.js';

/** What is wrong, by the place in a test; null where nothing is. */
export type Faults = readonly (readonly [path: string, message: string | null])[];

/** Header fields that say where a message ends or what becomes of the connection: the client's own. */
const OWN_HEADERS = [
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
];
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}$/;
const BODIES = ['json', 'form', 'text', 'body', 'multipart'] as const;

/** What is wrong with a request of the right shape. */
export function requestFaults(request: RawHttpRequest): Faults {
  const bodies = BODIES.filter((name) =>
    name === 'json' ? request.json !== undefined : (request[name] ?? null) !== null,
  );
  const second = bodies[1];
  return [
    ['/path', pathFault(request.path)],
    ...Object.entries(request.headers ?? {}).map(
      ([name, value]) => [`/headers${pointer(name)}`, headerFault(name, value)] as const,
    ),
    ...(second === undefined
      ? []
      : [[`/${second}`, `excludes \`${bodies[0] ?? ''}\`: a request has one body`] as const]),
    [
      '/method',
      bodies.length > 0 && ['GET', 'HEAD'].includes(request.method ?? 'GET') ? 'cannot have a body: use POST' : null,
    ],
    ['/body', typeof request.body === 'string' ? contentFault(request.body, 'base64') : null],
    ...(request.multipart ?? []).flatMap((part, index): Faults => {
      const path = pointer('multipart', index);
      return [
        [`${path}/name`, lineFault(part.name)],
        [`${path}/filename`, lineFault(part.filename ?? '')],
        [`${path}/contentType`, lineFault(part.contentType ?? '')],
        [`${path}/content`, contentFault(part.content, part.encoding)],
      ];
    }),
    ...requestTexts(request).map(([path, text]) => [path, textFault(text)] as const),
  ];
}

function pathFault(path: string): string | null {
  if (!path.startsWith('/') && !path.startsWith('{{')) {
    return 'must begin with "/"; host and port are those of the service';
  }
  if (/[\s\p{Cc}]/u.test(path.replaceAll(/\{\{\s*\w+\s*\}\}/g, ''))) return 'must not contain white space: write %20';
  return path.includes('#') ? 'must not contain "#": what follows it is never sent' : null;
}

function headerFault(name: string, value: string): string | null {
  if (!HEADER_NAME.test(name)) return 'is not the name of a header field';
  if (OWN_HEADERS.includes(name.toLowerCase())) return 'is set by Assay';
  return lineFault(value);
}

function lineFault(text: string): string | null {
  return /\p{Cc}/u.test(text) ? 'must be one line without control characters' : null;
}

/** Every text of a request that may hold templates, by its place. */
export function requestTexts(request: RawHttpRequest): readonly (readonly [path: string, text: string])[] {
  return [
    ['/path', request.path],
    ...membersOf('/query', request.query ?? {}),
    ...membersOf('/headers', request.headers ?? {}),
    ...jsonTexts('/json', request.json ?? null),
    ...membersOf('/form', request.form ?? {}),
    ['/text', request.text ?? ''],
    ...(request.multipart ?? []).map(
      (part, index) =>
        [pointer('multipart', index, 'content'), part.encoding === 'base64' ? '' : part.content] as const,
    ),
  ];
}

function membersOf(
  path: string,
  members: Readonly<Record<string, string | readonly string[]>>,
): readonly (readonly [string, string])[] {
  return Object.entries(members).flatMap(([name, value]) =>
    (typeof value === 'string' ? [value] : value).map((one) => [path + pointer(name), one] as const),
  );
}

/** Every text of a JSON value, by its place. */
export function jsonTexts(path: string, value: Json): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => jsonTexts(path + pointer(name), member));
}
