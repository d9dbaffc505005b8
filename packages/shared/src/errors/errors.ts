/**
 * Two kinds of failure reach the edge of a process; everything expected is a value, not a throw.
 * `permanent`: trying again cannot help. `transient`: it may.
 */
export type Retry = 'permanent' | 'transient';

export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly retry: Retry;
  readonly details: Readonly<Record<string, unknown>>;
  /** Something we depend on is away: waiting for it costs a job no attempt. */
  readonly dependency: boolean;

  constructor(
    code: string,
    options: {
      message: string;
      retry: Retry;
      details?: Record<string, unknown>;
      cause?: unknown;
      dependency?: boolean;
    },
  ) {
    super(options.message, { cause: options.cause });
    this.code = code;
    this.retry = options.retry;
    this.details = options.details ?? {};
    this.dependency = options.dependency ?? false;
  }
}

/** Whatever was thrown, as an Error. */
export function coerceError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}

/** A mail address wherever it stands in a text, as in what a mail server said. */
const anAddress = /[^\s<>"'(),;:[\]]+@[^\s<>"'(),;:[\]]+/g;

/** A text as it may be kept: whom it names by their address is left out. */
export function withoutAddresses(text: string): string {
  return text.replace(anAddress, '…');
}
