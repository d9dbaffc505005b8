import type { Socket } from 'node:net';
import { ending, type Frame } from './frame.ts';
import { droppedSlow } from './metrics.ts';

/** What may lie unsent at a slow client: hundreds of events, of which only the last is of use. */
const backlogMaxBytes = 64 * 1024;

/**
 * Writes in a row that may find the one before still unsent. The kernel took some ten seconds of
 * events before it came to that.
 */
const stallsMax = 8;

/** One open stream. There may be ten thousand: it has no timer and no buffer of its own. */
export interface Listener {
  readonly socket: Socket;
  readonly isChunked: boolean;
  /** The version of the state that it was last sent. */
  version: number;
  stalls: number;
}

/**
 * Writes a frame, or cuts off a client that does not read. A cut client comes back by itself and
 * gets the newest state, so nothing is lost by it but a queue of old ones.
 */
export function send(listener: Listener, frame: Frame): void {
  const { socket } = listener;
  if (!socket.writable) {
    return;
  }
  const backlogBytes = socket.writableLength;
  listener.stalls = backlogBytes === 0 ? 0 : listener.stalls + 1;
  if (backlogBytes > backlogMaxBytes || listener.stalls > stallsMax) {
    droppedSlow.inc();
    socket.destroy();
    return;
  }
  socket.write(listener.isChunked ? frame.chunked : frame.plain);
}

/**
 * Ends a stream as complete, so that its client takes it for no fault and comes back. What the
 * kernel does not take at once it may never take: a stop does not wait for who does not read.
 */
export function end(listener: Listener): void {
  const { socket, isChunked } = listener;
  if (isChunked && socket.writable && socket.writableLength === 0) {
    socket.write(ending);
  }
  if (socket.writableLength > 0) {
    socket.destroy();
  } else {
    socket.destroySoon();
  }
}
