import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Names this process in leases and logs: for operators to find it, and unlike every other, also after a restart. */
export const WORKER_NAME = `${hostname().slice(0, 60)}:${process.pid}:${randomBytes(4).toString('hex')}`;
