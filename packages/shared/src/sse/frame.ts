/** A piece of a stream, encoded once for all who get it. Both forms share the same bytes. */
export interface Frame {
  /** As a chunk of HTTP/1.1. */
  readonly chunked: Buffer;
  /** For HTTP/1.0, which knows no chunks: there a stream ends with its connection. */
  readonly plain: Buffer;
}

function encode(text: string): Frame {
  const size = Buffer.byteLength(text).toString(16);
  const chunked = Buffer.from(`${size}\r\n${text}\r\n`);
  return { chunked, plain: chunked.subarray(size.length + 2, -2) };
}

/** One event. Its data is a single line, as JSON is. */
export function eventFrame(event: { id: string; name: string; data: string }): Frame {
  return encode(`id: ${event.id}\nevent: ${event.name}\ndata: ${event.data}\n\n`);
}

/** How long a client that lost its stream waits before it comes back. */
export function retryFrame(ms: number): Frame {
  return encode(`retry: ${ms}\n\n`);
}

/** A comment: it tells clients nothing, and proxies that the stream is alive. */
export const heartbeat = encode(':\n\n');

/** What follows the last chunk. */
export const ending = Buffer.from('0\r\n\r\n');
