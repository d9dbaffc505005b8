import { AppError } from '@liventix/shared/errors';

/** 24 hexadecimal digits: timeline, and two parts of the position (src/include/access/xlog_internal.h). */
const walName = /^[0-9A-F]{24}$/;

/** What initdb makes when nobody says otherwise (initdb --wal-segsize). */
export const usualSegmentBytes = 16 * 1024 * 1024;

/** The segment after this one. Segments of a middle part are 4 GB together, whatever their size. */
export function nextWal(name: string, segmentBytes: number): string {
  const [timeline, part, segment] = [name.slice(0, 8), name.slice(8, 16), name.slice(16)];
  const next = Number.parseInt(segment, 16) + 1;
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, '0');
  return next < 2 ** 32 / segmentBytes
    ? `${timeline}${part}${hex(next)}`
    : `${timeline}${hex(Number.parseInt(part, 16) + 1)}${hex(0)}`;
}

/** The segments that are missing between a backup's first and the last there is, of its timeline. */
export function findGaps(
  archived: readonly string[],
  of: { readonly startWal: string; readonly stopWal: string; readonly walSegmentBytes: number },
): string[] {
  const { startWal, stopWal, walSegmentBytes } = of;
  const there = new Set(archived.filter((name) => walName.test(name)));
  const timeline = startWal.slice(0, 8);
  const last = [...there, stopWal]
    .filter((name) => name.startsWith(timeline))
    .toSorted()
    .at(-1);
  const gaps: string[] = [];
  for (let name = startWal; name <= (last ?? startWal); name = nextWal(name, walSegmentBytes)) {
    if (!there.has(name)) {
      gaps.push(name);
    }
  }
  return gaps;
}

/** What is archived and no backup needs any more: what lies before the first one's beginning. */
export function findOldWal(archived: readonly string[], firstStartWal: string): string[] {
  return archived.filter(
    (name) => walName.test(name.slice(0, 24)) && name.slice(0, 24) < firstStartWal,
  );
}

export interface BaseBackup {
  readonly folder: string;
  readonly endedAt: Date;
}

/** The newest backup that ended before the moment wanted; `latest` is the newest of all. */
export function chooseBase(bases: readonly BaseBackup[], wanted: Date | 'latest'): BaseBackup {
  const fit = bases
    .filter(({ endedAt }) => wanted === 'latest' || endedAt <= wanted)
    .toSorted((a, b) => a.endedAt.getTime() - b.endedAt.getTime())
    .at(-1);
  if (fit === undefined) {
    const times = bases.map(({ endedAt }) => endedAt.toISOString()).join(', ');
    throw new AppError('backup.none', {
      message: `No backup ended before ${wanted === 'latest' ? 'now' : wanted.toISOString()}. ${times === '' ? 'There is none at all.' : `There are those of ${times}.`}`,
      retry: 'permanent',
    });
  }
  return fit;
}
