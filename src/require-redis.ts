import { type Environment, EnvironmentError } from './config/env.js';

/**
 * API and worker apart hand grading runs over through Redis.
 *
 * @throws EnvironmentError when there is none
 */
export function requireRedis({ redisUrl }: Environment, command: string): void {
  if (redisUrl !== null) return;
  throw new EnvironmentError([
    {
      variable: 'REDIS_URL',
      message: `is required by ${command}, for example REDIS_URL=redis://127.0.0.1:6379. To run everything in one process without Redis: npm start.`,
    },
  ]);
}
