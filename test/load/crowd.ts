import { connect, type Socket } from 'node:net';

/** When the first and the last of a crowd had it, and how many never got it. */
export interface Reception {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly missed: number;
}

export interface StreamAddress {
  readonly port: number;
  readonly path: string;
}

/** Longer than any broadcast: a client that has nothing by then has missed it. */
const missedAfterMs = 5_000;
const connectingAtOnce = 200;

/** All clients read into the same memory: what they say is looked at at once. */
const shared = Buffer.alloc(64 * 1024);

/** Many clients of one stream on bare sockets, so that they cost as little as clients can. */
export class Crowd {
  readonly #address: StreamAddress;
  readonly #sockets: Socket[] = [];
  #marker = Buffer.from('data: ');
  #received = new Set<Socket>();
  #firstMs = 0;
  #lastMs = 0;
  #whole: () => void = () => undefined;
  #lastFrame = Buffer.alloc(0);

  constructor(address: StreamAddress) {
    this.#address = address;
  }

  get size(): number {
    return this.#sockets.length;
  }

  /** What the last client to be told read, from the socket. */
  get lastFrame(): Buffer {
    return this.#lastFrame;
  }

  /** Opens so many more streams, each with its first event. */
  async grow(count: number): Promise<void> {
    for (let left = count; left > 0; left -= connectingAtOnce) {
      const more = Math.min(left, connectingAtOnce);
      const { missed } = await this.#receive('data: ', async () => {
        for (let n = 0; n < more; n += 1) {
          this.#sockets.push(this.#open());
        }
        return more;
      });
      if (missed > 0) {
        throw new Error(`${missed} of ${more} clients got no stream`);
      }
    }
  }

  /** What became of an event with this text in it, that `cause` causes. */
  async hear(text: string, cause: () => Promise<unknown>): Promise<Reception> {
    return await this.#receive(text, async () => {
      await cause();
      return this.#sockets.length;
    });
  }

  leave(): void {
    for (const socket of this.#sockets.splice(0)) {
      socket.destroy();
    }
  }

  #open(): Socket {
    const { port, path } = this.#address;
    const socket: Socket = connect({
      port,
      host: '127.0.0.1',
      onread: {
        buffer: shared,
        callback: (bytes, buffer) => {
          this.#take(socket, Buffer.from(buffer.buffer, 0, bytes));
          return true;
        },
      },
    });
    socket.on('error', () => undefined);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
    return socket;
  }

  async #receive(text: string, cause: () => Promise<number>): Promise<Reception> {
    this.#marker = Buffer.from(text);
    this.#received = new Set();
    let wanted = Number.POSITIVE_INFINITY;
    let timer: NodeJS.Timeout | undefined;
    const whole = new Promise<void>((resolve) => {
      this.#whole = () => (this.#received.size >= wanted ? resolve() : undefined);
      timer = setTimeout(resolve, missedAfterMs);
    });
    wanted = await cause();
    this.#whole();
    await whole;
    clearTimeout(timer);
    const missed = wanted - this.#received.size;
    return { firstMs: this.#firstMs, lastMs: this.#lastMs, missed };
  }

  #take(socket: Socket, bytes: Buffer): void {
    if (!bytes.includes(this.#marker) || this.#received.has(socket)) {
      return;
    }
    this.#lastMs = performance.timeOrigin + performance.now();
    if (this.#received.size === 0) {
      this.#firstMs = this.#lastMs;
      this.#lastFrame = Buffer.from(bytes);
    }
    this.#received.add(socket);
    this.#whole();
  }
}
