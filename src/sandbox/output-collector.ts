import { Socket } from 'node:net';

/** What a program wrote to one stream, as far as it was kept. */
export interface CollectedOutput {
  /** Resolves when nobody can write any more, or reading was stopped. */
  readonly ended: Promise<void>;
  /** True when more was written than is kept. */
  readonly truncated: boolean;
  bytes(): Buffer;
  stop(): void;
}

/** Of a stream that somebody else reads. */
export const NOT_COLLECTED: CollectedOutput = {
  ended: Promise.resolve(),
  truncated: false,
  bytes: () => Buffer.alloc(0),
  stop: () => undefined,
};

/**
 * Reads one stream of a program until it ends or says too much. Keeps exactly `limitBytes` at most; one byte more calls
 * `onOverflow` once, and what follows is thrown away. Never holds more than the limit and one read.
 */
export class OutputCollector implements CollectedOutput {
  private readonly chunks: Buffer[] = [];
  private kept = 0;
  private overflowed = false;
  private readonly socket: Socket;
  /** Resolves when nobody can write any more, or reading was stopped. */
  readonly ended: Promise<void>;

  /** @param descriptor reading end of a pipe; closed by this object. */
  constructor(
    descriptor: number,
    private readonly limitBytes: number,
    private readonly onOverflow: () => void,
  ) {
    this.socket = new Socket({ fd: descriptor, readable: true, writable: false });
    this.socket.on('data', (chunk: Buffer) => this.take(chunk));
    this.ended = new Promise((resolve) => {
      this.socket.once('close', () => resolve());
      // A pipe whose writers died is at its end, whatever the error says.
      this.socket.on('error', () => this.socket.destroy());
    });
  }

  private take(chunk: Buffer): void {
    const room = this.limitBytes - this.kept;
    if (chunk.length > room) {
      if (room > 0) this.keep(chunk.subarray(0, room));
      if (!this.overflowed) {
        this.overflowed = true;
        this.onOverflow();
      }
      return;
    }
    this.keep(chunk);
  }

  private keep(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.kept += chunk.length;
  }

  get truncated(): boolean {
    return this.overflowed;
  }

  bytes(): Buffer {
    return Buffer.concat(this.chunks, this.kept);
  }

  stop(): void {
    this.socket.destroy();
  }
}
