import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Has come over a connection, and may come. */
export interface CountedSocket {
  readonly socket: Socket;
  /** Ends the connection with the byte that is too much. Called when the driver listens: nothing may be read before it. */
  count(): void;
  readonly isOver: () => boolean;
}

/**
 * A connection into the sandbox as drivers take it: they would connect it themselves, which it is.
 *
 * @param mostBytes that may come over it.
 */
export function countedSocket(stream: Duplex, mostBytes: number): CountedSocket {
  if (!(stream instanceof Socket)) throw new Error('a connection into the sandbox is a socket');
  const socket = stream;
  let received = 0;
  let isOver = false;
  socket.connect = () => {
    queueMicrotask(() => socket.emit('connect'));
    return socket;
  };
  // Connections into the sandbox may go on after the other end has said its last; no server does.
  socket.once('end', () => socket.destroy());
  const count = (): void => {
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length;
      if (received <= mostBytes) return;
      isOver = true;
      socket.destroy();
    });
  };
  return { socket, count, isOver: () => isOver };
}
