import type { GradingFile, GradingLimits, Visibility, HttpTest } from '../grading-document.js';
import type { CompareMode, FloatTolerance } from '../compare-options.js';
import type { RawFeedback } from '../feedback.js';
import type {
  ExpectedCookie,
  ExpectedJson,
  ExpectedText,
  HttpCapture,
  HttpExpectation,
  HttpPart,
  HttpRequest,
  HttpStatus,
  Json,
} from './http-test.js';

/** An `http` test as it may be written: the shape that its schema lets through. */
export interface RawHttpTest {
  readonly kind: 'http';
  readonly name: string;
  readonly description?: string | null;
  readonly points: number;
  readonly visibility?: Visibility;
  readonly feedback?: RawFeedback | null;
  readonly start: string;
  readonly port: number;
  readonly environment?: HttpTest['environment'];
  readonly ready?: RawReadiness | null;
  readonly steps: readonly RawHttpStep[];
  readonly latency?: RawLatency | null;
  readonly limits?: Partial<GradingLimits>;
}

export interface RawReadiness {
  readonly path?: string | null;
  readonly status?: HttpStatus | readonly HttpStatus[] | null;
  readonly timeMs?: number;
}

export interface RawHttpStep {
  readonly name?: string | null;
  readonly points?: number | null;
  readonly restart?: boolean;
  readonly request?: RawHttpRequest | null;
  readonly parallel?: number;
  readonly expect?: RawHttpExpectation;
  readonly capture?: Readonly<Record<string, string | Partial<HttpCapture>>>;
}

export type RawHttpRequest = Pick<HttpRequest, 'path'> &
  Partial<Omit<HttpRequest, 'multipart'>> & { readonly multipart?: readonly RawPart[] | null };

export type RawPart = Pick<HttpPart, 'name' | 'content'> & Partial<HttpPart>;

export interface RawHttpExpectation {
  readonly status?: HttpStatus | readonly HttpStatus[] | null;
  readonly statuses?: HttpExpectation['statuses'];
  readonly headers?: Readonly<Record<string, ExpectedText>>;
  readonly json?: Json;
  readonly jsonPath?: Readonly<Record<string, ExpectedJson>>;
  readonly jsonSchema?: HttpExpectation['jsonSchema'];
  readonly text?: string | null;
  readonly compare?: CompareMode;
  readonly caseSensitive?: boolean;
  readonly floatTolerance?: Partial<FloatTolerance> | null;
  readonly cookies?: Readonly<Record<string, ExpectedCookie>>;
  readonly location?: ExpectedText | null;
}

export interface RawLatency {
  readonly ratio: number;
  readonly floorMs?: number;
  readonly requests?: number;
  readonly request: RawHttpRequest;
  readonly reference: {
    readonly start: string;
    readonly files?: readonly (Pick<GradingFile, 'path' | 'content'> & Partial<GradingFile>)[];
  };
}
