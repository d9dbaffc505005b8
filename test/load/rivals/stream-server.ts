import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/*
 * The least that a broadcast can be: a process of its own that answers every connection with the
 * head of a stream and a first event, and writes what it is told, a line of JSON on its standard
 * input, to all of them in a loop.
 */

/** As long as a watcher sleeps between two looks: who wakes up is slower than who is awake. */
const waitMs = 125;

const sockets = new Set<Socket>();
const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {}\n\n';

const server = createServer((socket) => {
  socket.once('data', () => {
    sockets.add(socket);
    socket.write(head);
  });
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => socket.destroy());
});

createInterface(process.stdin).on('line', (line) => {
  const said: string = JSON.parse(line);
  setTimeout(() => {
    const asOf = `"as_of":"${new Date().toISOString()}"`;
    const bytes = Buffer.from(said.replace(/"as_of":"[^"]+"/, asOf));
    for (const socket of sockets) {
      socket.write(bytes);
    }
  }, waitMs);
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit());
