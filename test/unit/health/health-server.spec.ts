import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import { HealthServer } from '../../../src/health/health-server.js';
import type { ReadinessReport, ReadinessState } from '../../../src/health/readiness-report.js';

const servers: HealthServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(state: ReadinessState): Promise<string> {
  const report: Pick<ReadinessReport, 'read'> = { read: () => Promise.resolve(state) };
  const server = new HealthServer({ report: report as ReadinessReport, registry: new Registry() });
  servers.push(server);
  return `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}`;
}

const grading = (isUp: boolean) => ({ name: 'grading', isUp, isEssential: true, detail: 'the reason' });

describe('HealthServer', () => {
  it('is ready when the report says so, and tells reasons', async () => {
    const url = await serve({ isReady: true, checks: [grading(true)] });
    const response = await fetch(`${url}/health/ready?x=1`);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({
      status: 'ready',
      checks: [{ name: 'grading', up: true, essential: true, detail: 'the reason' }],
    });
  });

  it('is 503 when the report says no', async () => {
    const url = await serve({ isReady: false, checks: [grading(false)] });
    const response = await fetch(`${url}/health/ready`);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ status: 'not_ready' });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  });

  it('serves reading of its three paths and nothing else', async () => {
    const url = await serve({ isReady: true, checks: [] });
    expect((await fetch(`${url}/metrics`)).headers.get('content-type')).toContain('version=0.0.4');
    expect((await fetch(`${url}/metrics`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${url}/metrics`, { method: 'DELETE' })).status).toBe(405);
    expect((await fetch(`${url}/`)).status).toBe(404);
  });

  it('says which variable to change when its port is taken', async () => {
    const url = await serve({ isReady: true, checks: [] });
    const report: Pick<ReadinessReport, 'read'> = { read: () => Promise.resolve({ isReady: true, checks: [] }) };
    const second = new HealthServer({ report: report as ReadinessReport, registry: new Registry() });
    await expect(second.listen(Number(new URL(url).port), '127.0.0.1')).rejects.toThrow('WORKER_HEALTH_PORT');
  });
});
