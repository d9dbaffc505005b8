import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/*
 * A client that costs little, for it shares the cores with what it measures: requests are written as
 * prepared text, answers are read for their status and length only. Closed loop: each connection
 * sends its next request when it has the answer to the last.
 */

export interface Hammered {
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly perSecond: number;
  readonly latenciesMs: readonly number[];
  /** Connections that broke: their last request has no answer. */
  readonly broken: number;
}

export interface HammerOptions {
  readonly url: string;
  readonly connections: number;
  /** The next request as it goes over the wire, or undefined when there is none left. */
  readonly next: () => string | undefined;
}

const headEnd = Buffer.from('\r\n\r\n');
const lengthHeader = Buffer.from('ontent-length: ');

/** Runs until `next` has nothing more and every answer is there. */
export async function hammer(options: HammerOptions): Promise<Hammered> {
  const { hostname, port } = new URL(options.url);
  const sockets = await Promise.all(
    Array.from({ length: options.connections }, async () => {
      const socket = connect(Number(port), hostname).setNoDelay(true);
      await once(socket, 'connect');
      return socket;
    }),
  );
  const statuses: Record<string, number> = {};
  const latenciesMs: number[] = [];
  const startedAt = performance.now();
  let broken = 0;
  await Promise.all(
    sockets.map(async (socket) => {
      const isWhole = await talk(socket, options.next, (status, ms) => {
        statuses[status] = (statuses[status] ?? 0) + 1;
        latenciesMs.push(ms);
      });
      broken += isWhole ? 0 : 1;
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  return { statuses, seconds, perSecond: latenciesMs.length / seconds, latenciesMs, broken };
}

/** One connection's requests, one after the other. False when it broke before the last answer. */
async function talk(
  socket: Socket,
  next: HammerOptions['next'],
  onAnswer: (status: number, ms: number) => void,
): Promise<boolean> {
  return await new Promise((resolve) => {
    let pending = Buffer.alloc(0);
    let sentAt = 0;
    const send = () => {
      const request = next();
      if (request === undefined) {
        socket.end();
        resolve(true);
        return;
      }
      sentAt = performance.now();
      socket.write(request);
    };
    socket.on('data', (bytes) => {
      pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
      const end = answerEnd(pending);
      if (end !== undefined) {
        onAnswer(Number(pending.toString('latin1', 9, 12)), performance.now() - sentAt);
        pending = pending.subarray(end);
        send();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve(false));
    send();
  });
}

/** Where the first answer ends, once all of it is there. */
function answerEnd(bytes: Buffer): number | undefined {
  const head = bytes.indexOf(headEnd);
  if (head === -1) {
    return undefined;
  }
  const at = bytes.indexOf(lengthHeader);
  const length = Number.parseInt(bytes.toString('latin1', at + 15, at + 25), 10);
  const end = head + 4 + length;
  return bytes.length >= end ? end : undefined;
}

/** A POST as it goes over the wire. */
export function postRequest(
  path: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n${body}`;
}

/** A GET as it goes over the wire. */
export function getRequest(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\nhost: bench\r\n${lines.join('')}\r\n`;
}

/** Hands out requests for so long, then none. */
export function forSeconds(seconds: number, make: () => string): () => string | undefined {
  const until = performance.now() + seconds * 1_000;
  return () => (performance.now() < until ? make() : undefined);
}

/** Hands out so many requests, then none. */
export function times(count: number, make: () => string): () => string | undefined {
  let left = count;
  return () => {
    left -= 1;
    return left >= 0 ? make() : undefined;
  };
}
