import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '#errors/errors';
import { observeProblem } from '#telemetry/metrics';
import { type ProblemTable, toProblem } from './problem.ts';

/** What Node finds of a request before anything of ours sees it; all else is malformed. */
const codes: Readonly<Record<string, readonly [code: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['request.too_slow', 'The request did not arrive in time.'],
  HPE_HEADER_OVERFLOW: ['request.headers_too_large', 'The headers are larger than is taken here.'],
};
const malformed = ['request.malformed', 'This is not HTTP as it is read here.'] as const;

/** The message that is being written to a socket. Node's own handler looks at it, and shows it to nobody. */
interface Answering {
  readonly _httpMessage?: {
    readonly headersSent: boolean;
    readonly req: { readonly complete: boolean };
  } | null;
}

/** The caller left, with a reset or without: a request of theirs that had begun is given up, and counted as that. */
const hangUps = ['ECONNRESET', 'HPE_INVALID_EOF_STATE'];

const answered = new WeakSet<Socket>();

/** Whether a request on this socket was answered as broken: what is heard of it after that is only its end. */
export function isAnsweredAsBroken(socket: Socket): boolean {
  return answered.has(socket);
}

/** A route answers a request as broken, and its answer ends the connection: nothing after it is looked at. */
export function endsAsBroken(socket: Socket): void {
  answered.add(socket);
}

/**
 * Answers a request that is no HTTP, or never arrives whole, with a problem document, and closes: what
 * comes after it on the same connection could be anything. A connection that nothing ever came on, as browsers
 * open them ahead of need, is only closed.
 */
export function answerBrokenRequest(problems: ProblemTable) {
  return (fault: Error & { readonly code?: string }, socket: Socket & Answering): void => {
    const [code, message] = codes[fault.code ?? ''] ?? malformed;
    const problem = toProblem(new AppError(code, { message, retry: 'permanent' }), problems);
    const answering = socket._httpMessage;
    // To a whole request before it this would be another's answer, or come in the middle of its own.
    const isFirst = !answering?.headersSent && !answering?.req.complete;
    const isAnswerable = socket.writable && socket.bytesRead > 0 && isFirst;
    if (hangUps.includes(fault.code ?? '') || !isAnswerable || problem === undefined) {
      socket.destroy();
      return;
    }
    answered.add(socket);
    observeProblem(code);
    const body = JSON.stringify(problem);
    const head = [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      'connection: close',
    ];
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  };
}
