import type { CompareOptions } from '../compare-options.js';

/** A value as JSON has it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type HttpMethod = (typeof HTTP_METHODS)[number];

/** One part of a `multipart/form-data` body; a file where it has a file name. */
export interface HttpPart {
  readonly name: string;
  readonly content: string;
  readonly encoding: 'utf8' | 'base64';
  readonly filename: string | null;
  readonly contentType: string | null;
}

/** What is sent. Texts may hold `{{name}}` (`templates.ts`); at most one of the bodies is not null. */
export interface HttpRequest {
  readonly method: HttpMethod;
  /** Begins with `/`, unless it begins with a template. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: none, since null is a body too. */
  readonly json?: Json;
  readonly form: Readonly<Record<string, string | readonly string[]>> | null;
  readonly text: string | null;
  /** Base64. */
  readonly body: string | null;
  readonly multipart: readonly HttpPart[] | null;
  /** False: neither sends nor keeps cookies. */
  readonly cookies: boolean;
  readonly followRedirects: boolean;
  /** For the whole answer, in milliseconds. */
  readonly timeMs: number;
}

export const JSON_TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;
export type JsonType = (typeof JSON_TYPES)[number];

/** What a text must be; every condition that is there must hold. */
export interface TextMatcher {
  readonly equals?: string;
  readonly contains?: string;
  /** RE2, somewhere in the text. */
  readonly regex?: string;
  readonly exists?: boolean;
}

/** A text that must be the same, or conditions. */
export type ExpectedText = string | TextMatcher;

/** What a JSONPath must give; every condition that is there must hold. */
export interface JsonMatcher {
  readonly equals?: Json;
  readonly exists?: boolean;
  readonly type?: JsonType;
  /** How many nodes it gives. */
  readonly count?: number;
  readonly regex?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export type ExpectedJson = null | boolean | number | string | readonly Json[] | JsonMatcher;

export const SAME_SITES = ['Strict', 'Lax', 'None'] as const;

/** What a cookie that the answer sets must be. */
export interface CookieMatcher extends TextMatcher {
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
  readonly sameSite?: (typeof SAME_SITES)[number];
  readonly path?: string;
  readonly maxAge?: number;
  /** True: the answer takes the cookie away. */
  readonly expired?: boolean;
}

export type ExpectedCookie = string | CookieMatcher;

/** `200`, or a class such as `2xx`. */
export type HttpStatus = number | string;

/** What an answer must be. What is null or empty is not checked. */
export interface HttpExpectation extends CompareOptions {
  /** Null: any below 400. */
  readonly status: readonly HttpStatus[] | null;
  /** Of a step with `parallel`: how many of its answers have which status, in place of `status`. */
  readonly statuses: Readonly<Record<string, number>> | null;
  readonly headers: Readonly<Record<string, ExpectedText>>;
  /** Undefined: not checked, since null can be expected. */
  readonly json?: Json;
  readonly jsonPath: Readonly<Record<string, ExpectedJson>>;
  readonly jsonSchema: boolean | JsonObject | null;
  readonly text: string | null;
  readonly cookies: Readonly<Record<string, ExpectedCookie>>;
  /** Where the answer sends the client; the part after the service's own address will do. */
  readonly location: ExpectedText | null;
}

/** Where a captured value comes from: exactly one of the first three or `regex` alone, which then looks at the body. */
export interface HttpCapture {
  readonly jsonPath: string | null;
  readonly header: string | null;
  readonly cookie: string | null;
  /** RE2; keeps the first group, or the whole match where it has none. */
  readonly regex: string | null;
}

/** One request and what is expected of its answer, or a restart, or a restart and then a request. */
export interface HttpStep {
  readonly name: string | null;
  /** Null: the test is scored as a whole. */
  readonly points: number | null;
  /** True: the service is stopped and started again, with the files that it left, before the request. */
  readonly restart: boolean;
  /** Null where the step only restarts. */
  readonly request: HttpRequest | null;
  /** How many such requests are made at once. */
  readonly parallel: number;
  readonly expect: HttpExpectation;
  readonly capture: Readonly<Record<string, HttpCapture>>;
}

/** When the service counts as started. */
export interface HttpReadiness {
  /** Null: when it accepts connections. */
  readonly path: string | null;
  /** Null: any answer will do. */
  readonly status: readonly HttpStatus[] | null;
  readonly timeMs: number;
}
