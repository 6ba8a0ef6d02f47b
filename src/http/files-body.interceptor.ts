import type { Multipart, MultipartFile } from '@fastify/multipart';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiConsumes, ApiExtension } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, type Observable, switchMap } from 'rxjs';
import { DomainError } from '../errors/domain-error.js';
import { MOST_BODY_BYTES } from './body-limits.js';
import { FORM_SCHEMA, type FormFields } from './forms.openapi.js';
import { joinPointer } from './json-pointer.js';

const MOST_FILES = 500;

/** Whether a form holds many files, `files`, or just one, `file`. */
type FormShape = 'files' | 'file';

interface BodyFile {
  readonly path: string;
  readonly content: string;
  readonly encoding: 'base64';
}

/**
 * Lets a route take files as JSON (`{"files": [{path, content, encoding}], …}`) or as `multipart/form-data` (file parts named
 * `files`, whose file name is the relative path, and plain fields), and makes one body of both, so that everything behind it
 * (`Idempotency-Key`, validation, the handler) sees no difference. Nothing is written to disk.
 */
class FilesBodyInterceptor implements NestInterceptor {
  constructor(private readonly shape: FormShape) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    return from(unify(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.shape)).pipe(
      switchMap(() => next.handle()),
    );
  }
}

/**
 * A POST that takes files, as JSON or as a form. Place it below `@Idempotent()`, so that it comes first.
 *
 * @param fields what the form holds besides `files`, for the OpenAPI document
 */
export const FilesBody = (fields: FormFields): MethodDecorator & ClassDecorator =>
  applyDecorators(
    UseInterceptors(new FilesBodyInterceptor('files')),
    ApiConsumes('application/json', 'multipart/form-data'),
    ApiExtension(FORM_SCHEMA, formSchema(fields)),
  );

/**
 * A POST that takes one file and fields beside it: a form with the part `file`, or JSON whose `file` is `{path, content,
 * encoding}`. Otherwise as `FilesBody`.
 */
export const FileBody = (fields: FormFields, required: readonly string[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    UseInterceptors(new FilesBodyInterceptor('file')),
    ApiConsumes('multipart/form-data', 'application/json'),
    ApiExtension(FORM_SCHEMA, {
      type: 'object',
      required: ['file', ...required],
      properties: { file: { type: 'string', format: 'binary', description: 'The file, with its name.' }, ...fields },
    }),
  );

function formSchema(fields: FormFields): object {
  const files = {
    type: 'array',
    minItems: 1,
    maxItems: MOST_FILES,
    items: { type: 'string', format: 'binary' },
    description: 'The files. The file name of each part is its relative path, folders included.',
  };
  return { type: 'object', required: ['files'], properties: { files, ...fields } };
}

async function unify(request: FastifyRequest, reply: FastifyReply, shape: FormShape): Promise<void> {
  if (!request.isMultipart()) {
    // Before validation, which would look at every one of a million files.
    if (filesOf(request.body).length > MOST_FILES) throw tooManyFiles();
    return;
  }
  try {
    if (Number(request.headers['content-length'] ?? 0) > MOST_BODY_BYTES) throw tooLarge();
    request.body = await readForm(request, shape);
  } catch (error) {
    // What still comes is thrown away, and the connection with it.
    request.raw.unpipe();
    request.raw.resume();
    void reply.header('connection', 'close');
    throw error instanceof DomainError || statusOf(error) === 413 ? error : unreadable(error);
  }
}

function filesOf(body: unknown): readonly unknown[] {
  if (typeof body !== 'object' || body === null || !('files' in body)) return [];
  const { files } = body;
  return Array.isArray(files) ? files : [];
}

async function readForm(request: FastifyRequest, shape: FormShape): Promise<Record<string, unknown>> {
  const files: BodyFile[] = [];
  const fields = new Map<string, unknown>();
  let bytes = 0;
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      if (shape === 'file' && files.length > 0) {
        throw DomainError.invalid([{ path: '/file', message: 'is sent twice' }]);
      }
      const content = await contentOf(part, MOST_BODY_BYTES - bytes, shape);
      bytes += content.length;
      files.push({ path: part.filename, content: content.toString('base64'), encoding: 'base64' });
    } else {
      fields.set(part.fieldname, valueOf(part, fields, shape));
    }
  }
  const [file] = files;
  return { ...Object.fromEntries(fields), ...(shape === 'files' ? { files } : file === undefined ? {} : { file }) };
}

async function contentOf(part: MultipartFile, mostBytes: number, shape: FormShape): Promise<Buffer> {
  const { fieldname, filename } = part;
  if (fieldname !== shape) {
    throw DomainError.invalid([
      { path: joinPointer('', fieldname), message: `is not a field for files: use "${shape}"` },
    ]);
  }
  if (typeof filename !== 'string' || filename === '') {
    throw DomainError.invalid([{ path: `/${shape}`, message: 'must have a file name, which is its relative path' }]);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of part.file) {
    if (!Buffer.isBuffer(chunk)) throw new Error('A part of a form gave something other than bytes.');
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge();
    chunks.push(chunk);
  }
  if (part.file.truncated) throw tooLarge();
  return Buffer.concat(chunks);
}

function valueOf(
  part: Exclude<Multipart, MultipartFile>,
  fields: ReadonlyMap<string, unknown>,
  shape: FormShape,
): unknown {
  const path = joinPointer('', part.fieldname);
  if (part.fieldname === shape) {
    throw DomainError.invalid([{ path, message: shape === 'files' ? 'must be named files' : 'must be a file' }]);
  }
  if (fields.has(part.fieldname)) throw DomainError.invalid([{ path, message: 'is sent twice' }]);
  if (part.valueTruncated || part.fieldnameTruncated) throw DomainError.invalid([{ path, message: 'is too long' }]);
  return part.value;
}

function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;
}

function tooLarge(): DomainError {
  return new DomainError('too_large', 'body_too_large', 'The body is larger than 10 MiB. Send less.');
}

function tooManyFiles(): DomainError {
  return new DomainError('too_large', 'too_many_files', `There are more than ${MOST_FILES} files. Send fewer.`);
}

function unreadable(cause: unknown): DomainError {
  return new DomainError('malformed', 'malformed_body', 'The form cannot be read: check its boundary and its parts.', {
    cause,
  });
}
