import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '#errors/errors';
import { retryFrame } from './frame.ts';
import { leaveHttp } from './leave-http.ts';
import type { Listener } from './listener.ts';

/** Clients of a stream that ended come back spread over three seconds. */
const retryMinMs = 1_000;
const retrySpreadMs = 3_000;

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx would collect events until it has a bufferful.
  'x-accel-buffering': 'no',
  connection: 'close',
};

/**
 * Takes a connection over from Fastify once its headers are out: from then on bytes are written to
 * the socket itself, since a response's own `write` frames and copies for each client anew.
 */
export function openStream(request: FastifyRequest, reply: FastifyReply): Listener {
  const { raw } = reply;
  const { socket } = raw;
  if (socket === null) {
    throw new AppError('request.invalid', {
      message:
        'A stream needs a connection of its own: an earlier request still waits on this one.',
      retry: 'permanent',
    });
  }
  const isChunked = request.raw.httpVersion !== '1.0';
  sendHead(reply, isChunked);
  leaveHttp(request.raw, raw);
  // A heartbeat and the rule for slow clients take the place of the timeout for idle sockets.
  socket.setTimeout(0);
  const retry = retryFrame(retryMinMs + Math.floor(Math.random() * retrySpreadMs));
  socket.write(isChunked ? retry.chunked : retry.plain);
  return { socket, isChunked, version: 0, stalls: 0 };
}

/** What a GET would be answered with, and nothing more. */
export function answerHead(reply: FastifyReply): void {
  sendHead(reply, false);
  reply.raw.end();
}

function sendHead(reply: FastifyReply, isChunked: boolean): void {
  reply.hijack();
  reply.headers({ ...headers, ...(isChunked && { 'transfer-encoding': 'chunked' }) });
  reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
  reply.raw.flushHeaders();
}
