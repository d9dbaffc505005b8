import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Internals {
  readonly freeParser?: (parser: object, request: IncomingMessage, socket: Socket) => void;
}

const { freeParser } = (process.getBuiltinModule('_http_common') ?? {}) as Internals;

const ofHttp = ['data', 'end', 'close', 'drain', 'error', 'timeout', 'pause', 'resume'] as const;

/**
 * Takes a connection out of Node's HTTP server once the head of its last answer is written, as Node
 * itself does for an upgrade: from 16.5 kilobytes for each stream to 9.3, of which the parser alone,
 * that waits for a request which never comes, had eight. There is no public way to do it for a plain
 * GET. On a Node that has lost this one streams work all the same, and weigh more; a test tells.
 */
export function leaveHttp(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  response.detachSocket(socket);
  const { parser } = socket as { readonly parser?: object };
  if (freeParser === undefined || parser === undefined || parser === null) {
    return;
  }
  for (const event of ofHttp) {
    socket.removeAllListeners(event);
  }
  freeParser(parser, request, socket);
  socket.on('error', ignore);
  socket.on('end', cut);
  // What a client still sends is read, or its end would never be seen, and means nothing.
  socket.resume();
}

function ignore(): void {
  // 'close' follows.
}

function cut(this: Socket): void {
  this.destroy();
}
