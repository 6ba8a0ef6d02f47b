/** What kind of refusal it is; `problem.filter.ts` alone decides which HTTP status that becomes. */
export type ErrorKind =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'too_large'
  | 'unsupported'
  | 'limit_exceeded'
  | 'unavailable'
  | 'storage_full';

/** One fault in what was sent: `path` is a JSON Pointer (RFC 6901) into the body, or the name of a query parameter. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

interface DomainErrorOptions {
  readonly errors?: readonly FieldError[];
  /** Seconds after which trying again makes sense: the `Retry-After` header. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/**
 * A refusal that the caller can understand and act on. `code` is stable snake_case (`attempts_exhausted`), `message` is
 * one English sentence that says what to do next and holds no secret, path or stack.
 */
export class DomainError extends Error {
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    options: DomainErrorOptions = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'DomainError';
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** What does not exist and what the caller may not see get the same answer. */
  static notFound(what: string): DomainError {
    return new DomainError('not_found', 'not_found', `There is no such ${what}, or you may not see it.`);
  }

  static invalid(errors: readonly FieldError[], code = 'validation_failed'): DomainError {
    const first = errors[0];
    const detail = first === undefined ? 'The request is not valid.' : `${first.path}: ${first.message}`;
    return new DomainError('invalid', code, detail, { errors });
  }
}
