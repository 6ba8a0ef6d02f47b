import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findLibrary } from '../faketime.mjs';
import { send } from '../http-client.mjs';
import { neverEnding } from '../programs.mjs';
import { NotRun } from '../scene.mjs';

const TEN_MINUTES = 600;
const NAME = 'chaos-clock';
const WALL_MS = 3_000;
const KILLED_WITHIN_MS = 1_000;

/** Variables under which a process sees another wall clock, and the file that steps it; its monotonic clock stays. */
async function clockOf(file) {
  const library = await findLibrary();
  if (library === null) throw new NotRun('no libfaketime on this machine: apt-get install faketime');
  const set = (seconds) => writeFile(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  const variables = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    DONT_FAKE_MONOTONIC: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  return { set, variables };
}

/** Row 16. */
export const stepWorkerClock = {
  row: '16',
  what: "a worker's clock ten minutes fast, the other's slow, both stepped while they grade",

  async run(scene) {
    const { workers, temporaryFolders } = scene.topology;
    const clocks = [];
    for (const [index, worker] of workers.entries()) {
      const clock = await clockOf(join(temporaryFolders[0], `clock-${index}`));
      const offset = index === 0 ? TEN_MINUTES : -TEN_MINUTES;
      await clock.set(offset);
      await worker.stop();
      await worker.startAndWait(clock.variables);
      clocks.push({ ...clock, offset });
    }
    try {
      scene.startLoad();
      for (let round = 0; round < scene.scale(2, 6); round += 1) {
        const item = await scene.handIn(neverEnding(NAME), { name: 'with a wrong clock', person: round });
        await scene.require('it runs', () => !scene.isGone(NAME));
        const sinceMs = performance.now();
        await scene.pause(500);
        scene.fault();
        for (const clock of clocks) {
          clock.offset *= -1;
          await clock.set(clock.offset);
        }
        await scene.require('it is killed', () => scene.isGone(NAME));
        const tookMs = performance.now() - sinceMs;
        scene.check(
          tookMs <= WALL_MS + KILLED_WITHIN_MS,
          `its program lived for ${(tookMs / 1_000).toFixed(1)} s, with ${WALL_MS / 1_000} s allowed`,
        );
        const graded = await scene.require('it is graded', async () => {
          const shown = await item.look();
          return shown?.status === 'graded' ? shown : null;
        });
        const late = Math.abs(Date.parse(graded.gradedAt) - Date.now());
        scene.check(late < TEN_MINUTES * 500, `it says that it was graded at ${graded.gradedAt}`);
      }
    } finally {
      for (const worker of workers) {
        await worker.stop();
        await worker.startAndWait();
      }
    }
  },
};

const SKEW = 120;
/** Longer ago than any leeway that is declared. */
const ENDED_AGO = 90;

/** Row 17. */
export const skewApiClock = {
  row: '17',
  what: "an API's clock two minutes fast, the other's slow",

  async run(scene) {
    const { apis, temporaryFolders, jwtSecret } = scene.topology;
    const student = scene.school.students[0];
    try {
      for (const [index, api] of apis.entries()) {
        const clock = await clockOf(join(temporaryFolders[0], `api-clock-${index}`));
        const seconds = index === 0 ? SKEW : -SKEW;
        await clock.set(seconds);
        await api.stop();
        api.start(clock.variables);
        await scene.require(`${api.name} answers`, async () => (await api.ask('/health/live'))?.status === 200);
        const isReady = (await api.ask('/health/ready'))?.status === 200;
        const base = `http://127.0.0.1:${api.healthPort}`;
        const look = (token) => send(base, { path: '/users/me', token });
        const fresh = await look(student.token);
        const ended = await look(endedToken(student.token, jwtSecret));
        const words = `an API whose clock is ${seconds} s off calls itself ready, and`;
        scene.check(!isReady || fresh.status === 200, `${words} answers ${fresh.status} to a good token`);
        scene.check(
          !isReady || ended.status === 401,
          `${words} answers ${ended.status} to a token that ended ${ENDED_AGO} s ago`,
        );
        await api.stop();
        await api.startAndWait();
        const restored = await send(base, { path: '/users/me', token: endedToken(student.token, jwtSecret) });
        scene.check(restored.status === 401, `with a right clock the ended token was answered ${restored.status}`);
      }
    } finally {
      for (const api of apis) {
        await api.stop();
        await api.startAndWait();
      }
    }
    await scene.topology.front.look();
    scene.startLoad();
    await scene.pause(1_000);
  },
};

/** The same token as it would be if it had ended a while ago. */
function endedToken(token, secret) {
  const [header, payload] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const now = Math.floor(Date.now() / 1_000);
  const old = Buffer.from(JSON.stringify({ ...claims, iat: now - 900 - ENDED_AGO, exp: now - ENDED_AGO })).toString(
    'base64url',
  );
  const signature = createHmac('sha256', secret).update(`${header}.${old}`).digest('base64url');
  return `${header}.${old}.${signature}`;
}
