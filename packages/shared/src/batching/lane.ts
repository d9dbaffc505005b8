export interface Entry<Request, Answer> {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
  readonly isGone: () => boolean;
  /** On the clock of `performance.now()`. */
  readonly since: number;
}

/** The requests of one key, in the order in which they came. */
export class Lane<Request, Answer> {
  readonly key: string;
  isInFlight = false;
  readonly #deadlineMs: number;
  readonly #onLate: (late: readonly Entry<Request, Answer>[]) => void;
  #waiting: Entry<Request, Answer>[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    key: string,
    options: {
      readonly deadlineMs: number;
      /** Given those that have waited too long; they are no longer in the lane. */
      readonly onLate: (late: readonly Entry<Request, Answer>[]) => void;
    },
  ) {
    this.key = key;
    this.#deadlineMs = options.deadlineMs;
    this.#onLate = options.onLate;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(entry: Entry<Request, Answer>): void {
    this.#waiting.push(entry);
    if (this.#timer === undefined) {
      this.#watch(this.#deadlineMs);
    }
  }

  take(max: number): Entry<Request, Answer>[] {
    return this.#waiting.splice(0, max);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** One timer for all: they come in order, so the first is the first to be late. */
  #watch(inMs: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const oldest = performance.now() - this.#deadlineMs;
      const firstInTime = this.#waiting.findIndex((entry) => entry.since > oldest);
      const late = this.take(firstInTime === -1 ? this.#waiting.length : firstInTime);
      this.#onLate(late);
      const [next] = this.#waiting;
      if (next !== undefined) {
        this.#watch(Math.max(1, next.since - oldest));
      }
    }, inMs);
  }
}
