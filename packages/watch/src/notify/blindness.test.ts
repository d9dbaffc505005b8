import { createLogger } from '@liventix/shared/telemetry/logger';
import { expect, test } from 'vitest';
import { watchForBlindness } from './blindness.ts';
import type { Channel } from './channels.ts';

const log = createLogger({ name: 'watch', level: 'silent' });

function open() {
  const told: string[] = [];
  let isDeaf = false;
  const tell: Channel = async ({ name, state }) => {
    if (isDeaf) {
      throw new Error('the webhook answered 500');
    }
    told.push(`${name} ${state}`);
  };
  const blindness = watchForBlindness([tell], log);
  return {
    told,
    deaf: (is: boolean) => {
      isDeaf = is;
    },
    saw: blindness.saw,
    fails: async (times: number) => {
      for (let failed = 0; failed < times; failed += 1) {
        await blindness.failed();
      }
    },
  };
}

test('two looks that fail wake nobody, however often one between them succeeds', async () => {
  const { told, fails, saw } = open();
  await fails(2);
  await saw();
  await fails(2);
  await saw();
  expect(told).toEqual([]);
});

test('three in a row are told once, and so is that it is over', async () => {
  const { told, fails, saw } = open();
  await fails(9);
  await saw();
  await saw();
  expect(told).toEqual(['PostgresAway firing', 'PostgresAway cleared']);
  await fails(3);
  expect(told).toHaveLength(3);
});

test('what could not be told is tried again with the next look', async () => {
  const { told, fails, saw, deaf } = open();
  deaf(true);
  await fails(4);
  deaf(false);
  await fails(1);
  expect(told).toEqual(['PostgresAway firing']);
  deaf(true);
  await saw();
  deaf(false);
  await saw();
  expect(told).toEqual(['PostgresAway firing', 'PostgresAway cleared']);
});
