import { expect, test } from 'vitest';
import { decideChanges, type Finding, type OpenAlert } from './alert.ts';

const at = new Date('2031-01-01T00:01:00Z');
const ago = (seconds: number) => new Date(at.getTime() - seconds * 1_000);
const now = { at, calmMs: 30_000 };

function finding(key: string, forS: number): Finding {
  return { key, name: key, severity: 'page', summary: 'bad', runbook: 'docs/runbook.md', forS };
}

function alert(
  key: string,
  state: OpenAlert['state'],
  [since, seen]: readonly [number, number],
): OpenAlert {
  return { id: key, key, state, badSince: ago(since), badAt: ago(seen) };
}

test('what lasts fires, what is over clears, what was a moment is forgotten', () => {
  const open = [
    alert('lasting', 'pending', [30, 10]),
    alert('too-young', 'pending', [10, 10]),
    alert('still', 'firing', [300, 10]),
    alert('calm', 'firing', [300, 31]),
    alert('calming', 'firing', [300, 20]),
    alert('moment', 'pending', [20, 20]),
  ];
  const found = ['lasting', 'too-young', 'still', 'new'].map((key) => finding(key, 30));
  const changes = decideChanges(open, found, now);
  const keys = Object.fromEntries(
    Object.entries(changes).map(([name, of]) => [name, of.map(({ key }: { key: string }) => key)]),
  );
  expect(keys).toEqual({
    begun: ['new'],
    seen: ['too-young', 'still'],
    fired: ['lasting'],
    cleared: ['calm'],
    dropped: ['moment'],
  });
});

test('one key is one alert, however often it is found', () => {
  const { begun } = decideChanges([], [finding('a', 0), finding('a', 0)], now);
  expect(begun).toHaveLength(1);
});
