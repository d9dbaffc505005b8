/** Loaded before a service: its machine's clock is an hour ahead. Timers run as ever. */
const RealDate = Date;
const aheadMs = 3_600_000;

class DateAhead extends RealDate {
  constructor(...parts: readonly unknown[]) {
    super(...((parts.length === 0 ? [DateAhead.now()] : parts) as [number]));
  }

  static override now(): number {
    return RealDate.now() + aheadMs;
  }
}

globalThis.Date = DateAhead as DateConstructor;
