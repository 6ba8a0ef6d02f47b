/** One fault in what was sent. */
export class ProblemFieldErrorDto {
  /**
   * Where it is: a JSON Pointer (RFC 6901) into the body, or the name of a query parameter.
   * @example "/email"
   */
  path: string;

  /**
   * What is wrong and what would be right.
   * @example "email must be an email"
   */
  message: string;
}

/** Every error answer: problem details (RFC 9457), sent as `application/problem+json`. */
export class ProblemDto {
  /**
   * A URI reference for the kind of problem.
   * @example "/docs#problem-validation_failed"
   */
  type: string;

  /**
   * The kind of problem in a few words.
   * @example "Unprocessable Content"
   */
  title: string;

  /**
   * The HTTP status, again.
   * @example 422
   */
  status: number;

  /**
   * What happened here and what to do next.
   * @example "/email: email must be an email"
   */
  detail: string;

  /**
   * The path that was asked for.
   * @example "/api/v1/auth/register"
   */
  instance: string;

  /**
   * Stable name of the problem, for programs.
   * @example "validation_failed"
   */
  code: string;

  /**
   * Names this request in the server's log.
   * @example "01a1f93b-a283-7197-87f1-4221b13d5ab0"
   */
  traceId: string;

  /** On 422: each fault that was found. */
  errors?: ProblemFieldErrorDto[];
}
