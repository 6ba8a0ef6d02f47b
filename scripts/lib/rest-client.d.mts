interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly accept?: readonly number[];
}

/** Types for the tests; what it does stands in `rest-client.mjs`. */
export class RestClient {
  constructor(base: string, token?: string | null);
  as(token: string): RestClient;
  request(method: string, path: string, options?: RequestOptions): Promise<{ status: number; body: unknown }>;
  list(path: string): AsyncGenerator;
  events(path: string): AsyncGenerator<{ event: string; data: unknown }>;
}
