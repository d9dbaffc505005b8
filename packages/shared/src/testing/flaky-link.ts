import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface FlakyLink extends AsyncDisposable {
  /** The target's address, with this link in between. */
  readonly url: string;
  /** Connections stay open and are even accepted, but no byte moves: as SIGSTOP at the far end. */
  freeze(): void;
  /** Connections break and new ones are reset: as a crash. */
  cut(): void;
  /** What was held back moves on; new connections work. */
  mend(): void;
}

type Weather = 'clear' | 'frozen' | 'cut';

/** A TCP link to a server that a test can freeze or cut without touching the server. */
export async function openFlakyLink(target: string): Promise<FlakyLink> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let weather: Weather = 'clear';

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    track(near);
    if (weather === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(port), hostname);
    track(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => near.write(bytes));
    if (weather === 'frozen') {
      near.pause();
      far.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const destroyAll = () => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  return {
    url: url.toString(),
    freeze: () => {
      weather = 'frozen';
      for (const socket of sockets) {
        socket.pause();
      }
    },
    cut: () => {
      weather = 'cut';
      destroyAll();
    },
    mend: () => {
      weather = 'clear';
      for (const socket of sockets) {
        socket.resume();
      }
    },
    [Symbol.asyncDispose]: async () => {
      destroyAll();
      server.close();
      await once(server, 'close');
    },
  };
}
