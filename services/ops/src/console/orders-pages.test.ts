import { expect, test } from 'vitest';
import { renderSearch } from './orders-pages.ts';

const order = {
  id: '019a0000-0000-7000-8000-000000000000',
  number: 'LV-0001',
  status: 'fulfilled',
  total_cents: 2_500,
  currency: 'eur',
  created_at: new Date(),
};

test.for([true, false])('says whether there is more than is shown: %s', (isCut) => {
  const page = String(renderSearch('maria', { orders: [order], isCut }));
  expect(page).toContain('LV-0001');
  expect(page.includes('Not all are shown')).toBe(isCut);
});
