import { expect, test } from 'vitest';
import { chooseBase, findGaps, findOldWal, nextWal, usualSegmentBytes } from './wal.ts';

const wal = (part: number, segment: number) =>
  `00000001${part.toString(16).toUpperCase().padStart(8, '0')}${segment.toString(16).toUpperCase().padStart(8, '0')}`;

test('segments follow one another, over the end of a part, whatever their size', () => {
  expect(nextWal(wal(0, 1), usualSegmentBytes)).toBe(wal(0, 2));
  expect(nextWal(wal(0, 0xff), usualSegmentBytes)).toBe(wal(1, 0));
  expect(nextWal(wal(0, 0x3f), 64 * 1024 * 1024)).toBe(wal(1, 0));
  expect(nextWal(wal(0, 0xff), 1024 * 1024)).toBe(wal(0, 0x100));
});

test('gaps are found, at the beginning, between and at the end of what a backup needs', () => {
  const of = {
    startWal: wal(0, 0xfe),
    stopWal: wal(0, 0xff),
    walSegmentBytes: usualSegmentBytes,
  };
  const all = [wal(0, 0xfe), wal(0, 0xff), wal(1, 0), wal(1, 1)];
  expect(findGaps(all, of)).toEqual([]);
  expect(findGaps(all.slice(1), of)).toEqual([wal(0, 0xfe)]);
  expect(findGaps([wal(0, 0xfe), wal(1, 1)], of)).toEqual([wal(0, 0xff), wal(1, 0)]);
  expect(findGaps([wal(0, 0xfe)], of)).toEqual([wal(0, 0xff)]);
});

test('what lies before the first backup is old, its labels too', () => {
  const label = `${wal(0, 3)}.00000028.backup`;
  const archived = [wal(0, 2), wal(0, 3), label, wal(0, 4), '00000002.history'];
  expect(findOldWal(archived, wal(0, 4))).toEqual([wal(0, 2), wal(0, 3), label]);
});

test('the newest backup before the moment is taken, and none after it', () => {
  const bases = ['2031-01-01T10:00:00Z', '2031-01-01T12:00:00Z'].map((at) => ({
    folder: at,
    endedAt: new Date(at),
  }));
  expect(chooseBase(bases, new Date('2031-01-01T11:00:00Z')).folder).toBe('2031-01-01T10:00:00Z');
  expect(chooseBase(bases, 'latest').folder).toBe('2031-01-01T12:00:00Z');
  expect(() => chooseBase(bases, new Date('2031-01-01T09:00:00Z'))).toThrow(
    'No backup ended before',
  );
  expect(() => chooseBase([], 'latest')).toThrow('There is none at all');
});
