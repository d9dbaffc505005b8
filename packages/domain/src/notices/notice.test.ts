import { expect, test } from 'vitest';
import { whatChanged } from './notice.ts';

const event = {
  title: 'A Night',
  venue: 'The Hall',
  startsAt: new Date('2031-05-01T18:00:00Z'),
  endsAt: new Date('2031-05-01T21:00:00Z'),
};

test('only what is different is told, as it was', () => {
  expect(whatChanged(event, { ...event, venue: 'The Barn' })).toEqual({ venue: 'The Hall' });
  const later = new Date('2031-05-02T18:00:00Z');
  expect(whatChanged(event, { ...event, title: 'Two Nights', startsAt: later })).toEqual({
    title: 'A Night',
    starts_at: '2031-05-01T18:00:00.000Z',
  });
});

test('another end, or nothing, is no news', () => {
  const endsAt = new Date('2031-05-01T22:00:00Z');
  expect(whatChanged(event, { ...event, endsAt })).toEqual({});
});
