import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { calendarOf } from './calendar.ts';

test('an entry is read back by another library, hostile texts as they are', () => {
  const entry = {
    eventId: '0199a000-0000-7000-8000-000000000001',
    title: 'Nacht; der, Lieder\\ \r\nEND:VEVENT',
    venue: 'Großes Haus 🎉',
    startsAt: new Date('2027-03-01T19:00:00Z'),
    endsAt: new Date('2027-03-01T22:00:00Z'),
    url: 'https://tickets.example/orders/t/x',
  };
  const calendar = new ICAL.Component(ICAL.parse(calendarOf(entry)));
  const found = calendar.getAllSubcomponents('vevent').map((part) => new ICAL.Event(part));
  expect(found).toHaveLength(1);
  expect(found[0]?.uid).toBe(`${entry.eventId}@liventix`);
  expect(found[0]?.summary.replaceAll(/\s+/gu, ' ')).toBe('Nacht; der, Lieder\\ END:VEVENT');
  expect(found[0]?.location).toBe(entry.venue);
  expect(found[0]?.startDate.toJSDate()).toEqual(entry.startsAt);
  expect(found[0]?.endDate.toJSDate()).toEqual(entry.endsAt);
});
