import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeError } from '../errors/describe-error.js';
import { DomainError } from '../errors/domain-error.js';
import { sendProblem } from '../errors/problem.filter.js';
import type { Client } from '../http/client.decorator.js';
import { type FormField, HTML_POLICY, type HtmlPage, renderHtml } from './html-page.js';

const MOST_FORM_BYTES = 16_384;
const MOST_TOKEN = 200;
const FORM_TYPE = 'application/x-www-form-urlencoded';

/** What a form sent, by the names of its fields. */
export type SentForm = Readonly<Record<string, string>>;

/** One page that a mailed link leads to. Opening it changes nothing: programs that look for malice open links as well. */
export interface LinkPage {
  /** Its last part of the path. */
  readonly name: string;
  readonly title: string;
  readonly button: string;
  /** What it says above the form, and which fields it has; the token goes along unseen. */
  describe(token: string): Promise<{ readonly paragraphs: readonly string[]; readonly fields: readonly FormField[] }>;
  /** Does what the link is for, and says what was done. @throws DomainError as the route of the API does */
  submit(form: SentForm, client: Client): Promise<readonly string[]>;
}

/** Serves the pages below a prefix. Their forms are the only ones that this server reads: no other route takes any. */
export function linkPages(pages: readonly LinkPage[], clientOf: (request: FastifyRequest) => Client) {
  return async (instance: FastifyInstance): Promise<void> => {
    instance.removeContentTypeParser(FORM_TYPE);
    instance.addContentTypeParser(FORM_TYPE, { parseAs: 'string' }, async (_request: FastifyRequest, body: string) =>
      Object.fromEntries(new URLSearchParams(body)),
    );
    // What is wrong before a handler is reached is no page of ours.
    instance.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
    for (const page of pages) {
      instance.get(`/${page.name}`, async (request, reply) => show(page, tokenOf(request.query), reply));
      instance.post(`/${page.name}`, { bodyLimit: MOST_FORM_BYTES }, async (request, reply) => {
        const form = formOf(request.body);
        try {
          const paragraphs = await page.submit(form, clientOf(request));
          return await send(reply, 200, { title: page.title, paragraphs });
        } catch (error) {
          return showFaults(page, form, error, reply);
        }
      });
    }
  };
}

async function show(page: LinkPage, token: string, reply: FastifyReply): Promise<FastifyReply> {
  return send(reply, 200, await formPage(page, token));
}

async function formPage(page: LinkPage, token: string): Promise<HtmlPage> {
  const { paragraphs, fields } = await page.describe(token);
  return { title: page.title, paragraphs, form: { fields, hidden: { token }, button: page.button } };
}

/** Refusals are told in the page; what is ours is logged and answered as everywhere. */
async function showFaults(page: LinkPage, form: SentForm, error: unknown, reply: FastifyReply): Promise<FastifyReply> {
  const { status, detail, unexpected, retryAfterSeconds } = describeError(error);
  if (unexpected || !(error instanceof DomainError)) throw error;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  const faults = error.errors?.map(({ path, message }) => `The ${path.slice(1)} ${withoutName(message)}.`) ?? [detail];
  const shown = await formPage(page, form['token'] ?? '');
  // 401 would ask browsers for a name and a password of their own.
  return send(reply, status === 401 ? 403 : status, { ...shown, faults });
}

/** Messages of checks begin with the name of the field, those of rules do not. */
function withoutName(message: string): string {
  return message.replace(/^\w+ (?=must be |should )/, '').replace(/\.$/, '');
}

function send(reply: FastifyReply, status: number, page: HtmlPage): FastifyReply {
  return reply
    .status(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', HTML_POLICY)
    .header('cache-control', 'no-store')
    .send(renderHtml(page));
}

function tokenOf(query: unknown): string {
  const token: unknown = typeof query === 'object' && query !== null ? Reflect.get(query, 'token') : undefined;
  return typeof token === 'string' ? token.slice(0, MOST_TOKEN) : '';
}

function formOf(body: unknown): SentForm {
  if (typeof body !== 'object' || body === null) return {};
  return Object.fromEntries(
    Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
