import type { GradingLimits, HttpLatency, HttpTest } from '../grading-document.js';
import type { LimitCeilings } from '../limits.js';
import { normaliseComparison } from '../normalise-comparison.js';
import { HTTP_DEFAULTS } from './http-limits.js';
import type { HttpCapture, HttpExpectation, HttpRequest, HttpStatus, HttpStep } from './http-test.js';
import type { RawHttpExpectation, RawHttpRequest, RawHttpStep, RawHttpTest, RawLatency } from './raw-http-test.js';

/** `raw`, a test without faults, with every default filled in; `limits` are those that it replaces. */
export function normaliseHttpTest(raw: RawHttpTest, limits: Partial<GradingLimits>): HttpTest {
  return {
    kind: raw.kind,
    name: raw.name,
    description: raw.description ?? null,
    points: raw.points,
    visibility: raw.visibility ?? 'visible',
    start: raw.start,
    port: raw.port,
    environment: raw.environment ?? {},
    ready: {
      path: raw.ready?.path ?? null,
      status: statusList(raw.ready?.status),
      timeMs: raw.ready?.timeMs ?? HTTP_DEFAULTS.readyMs,
    },
    steps: raw.steps.map(normaliseStep),
    latency: normaliseLatency(raw.latency ?? null),
    limits,
  };
}

/** The limits that a test names, and times that are enough for a framework where nobody named any. */
export function httpLimits(
  own: Partial<GradingLimits>,
  document: Partial<GradingLimits>,
  ceilings: LimitCeilings,
): Partial<GradingLimits> {
  if ([own.timeMs, own.wallMs, document.timeMs, document.wallMs].some((one) => one !== undefined)) return own;
  return {
    ...own,
    timeMs: Math.min(HTTP_DEFAULTS.timeMs, ceilings.timeMs),
    wallMs: Math.min(HTTP_DEFAULTS.wallMs, ceilings.wallMs),
  };
}

function statusList(status: HttpStatus | readonly HttpStatus[] | null | undefined): readonly HttpStatus[] | null {
  if (status === null || status === undefined) return null;
  return typeof status === 'object' ? status : [status];
}

function normaliseStep(raw: RawHttpStep): HttpStep {
  const request = raw.request ?? null;
  return {
    name: raw.name ?? null,
    points: raw.points ?? null,
    restart: raw.restart ?? false,
    request: request === null ? null : normaliseRequest(request),
    parallel: raw.parallel ?? 1,
    expect: normaliseExpectation(raw.expect ?? {}),
    capture: Object.fromEntries(
      Object.entries(raw.capture ?? {}).map(([name, one]) => [
        name,
        normaliseCapture(typeof one === 'string' ? { jsonPath: one } : one),
      ]),
    ),
  };
}

function normaliseCapture({ jsonPath, header, cookie, regex }: Partial<HttpCapture>): HttpCapture {
  return { jsonPath: jsonPath ?? null, header: header ?? null, cookie: cookie ?? null, regex: regex ?? null };
}

function normaliseRequest(raw: RawHttpRequest): HttpRequest {
  return {
    method: raw.method ?? 'GET',
    path: raw.path,
    query: raw.query ?? {},
    headers: raw.headers ?? {},
    ...(raw.json === undefined ? {} : { json: raw.json }),
    form: raw.form ?? null,
    text: raw.text ?? null,
    body: raw.body ?? null,
    multipart:
      raw.multipart?.map((part) => ({
        name: part.name,
        content: part.content,
        encoding: part.encoding ?? 'utf8',
        filename: part.filename ?? null,
        contentType: part.contentType ?? null,
      })) ?? null,
    cookies: raw.cookies ?? true,
    followRedirects: raw.followRedirects ?? false,
    timeMs: raw.timeMs ?? HTTP_DEFAULTS.answerMs,
  };
}

function normaliseExpectation(raw: RawHttpExpectation): HttpExpectation {
  return {
    status: statusList(raw.status),
    statuses: raw.statuses ?? null,
    headers: raw.headers ?? {},
    ...(raw.json === undefined ? {} : { json: raw.json }),
    jsonPath: raw.jsonPath ?? {},
    jsonSchema: raw.jsonSchema ?? null,
    text: raw.text ?? null,
    ...normaliseComparison(raw),
    cookies: raw.cookies ?? {},
    location: raw.location ?? null,
  };
}

function normaliseLatency(raw: RawLatency | null): HttpLatency | null {
  if (raw === null) return null;
  return {
    ratio: raw.ratio,
    floorMs: raw.floorMs ?? HTTP_DEFAULTS.latencyFloorMs,
    requests: raw.requests ?? HTTP_DEFAULTS.latencyRequests,
    request: normaliseRequest(raw.request),
    reference: {
      start: raw.reference.start,
      files: (raw.reference.files ?? []).map((file) => ({
        path: file.path,
        content: file.content,
        encoding: file.encoding ?? 'utf8',
        hidden: file.hidden ?? true,
        executable: file.executable ?? false,
      })),
    },
  };
}
