import { request } from 'node:http';

/**
 * @typedef {object} Answer
 * @property {string} route method and first parts of the path, for messages
 * @property {number} startedAt milliseconds since 1970
 * @property {number} ms how long it took, also when nothing came
 * @property {number | null} status null: no answer
 * @property {string} type of the body
 * @property {any} body parsed where it is JSON, else its text
 * @property {string | null} error the code of what went wrong with the connection
 * @property {string | null} retryAfter
 */

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Sends one request over a connection of its own, as a proxy that goes round would see it from many clients. Never rejects.
 *
 * @param {string} base
 * @param {{ method?: string, path: string, token?: string | null, body?: Buffer | null, type?: string, headers?: Record<string, string>, timeoutMs?: number }} options `path` below `/api/v1`
 * @returns {Promise<Answer>}
 */
export function send(
  base,
  {
    method = 'GET',
    path,
    token = null,
    body = null,
    type = 'application/json',
    headers = {},
    timeoutMs = DEFAULT_TIMEOUT_MS,
  },
) {
  const startedAt = Date.now();
  const since = performance.now();
  const route = `${method} ${path.split('/').slice(1, 2)}`;
  return new Promise((resolve) => {
    const finish = (found) =>
      resolve({
        route,
        startedAt,
        ms: performance.now() - since,
        status: null,
        type: '',
        body: null,
        error: null,
        retryAfter: null,
        ...found,
      });
    const sent = request(`${base}/api/v1${path}`, {
      method,
      agent: false,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === null ? {} : { 'content-type': type, 'content-length': String(body.length) }),
        ...headers,
      },
    });
    const timer = setTimeout(
      () => sent.destroy(Object.assign(new Error('late'), { code: 'CLIENT_TIMEOUT' })),
      timeoutMs,
    );
    sent.once('error', (error) => {
      clearTimeout(timer);
      finish({ error: error.code ?? error.message });
    });
    sent.once('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.once('error', (error) => {
        clearTimeout(timer);
        finish({ error: error.code ?? error.message });
      });
      response.once('end', () => {
        clearTimeout(timer);
        const contentType = response.headers['content-type'] ?? '';
        const retryAfter = response.headers['retry-after'] ?? null;
        finish({
          status: response.statusCode,
          type: contentType,
          body: parse(Buffer.concat(chunks), contentType),
          retryAfter,
        });
      });
    });
    sent.end(body ?? undefined);
  });
}

function parse(content, type) {
  const text = content.toString();
  if (!/json/.test(type) || text === '') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Files as a form, as a browser sends them. @param {readonly { path: string, content: string }[]} files */
export function formOf(files) {
  const boundary = 'chaos-boundary-7d1f2c';
  const parts = files.map(
    ({ path, content }) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="${path}"\r\ncontent-type: text/plain\r\n\r\n${content}\r\n`,
  );
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.from(`${parts.join('')}--${boundary}--\r\n`),
  };
}
