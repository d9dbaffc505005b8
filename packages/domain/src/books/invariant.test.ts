import { expect, test } from 'vitest';
import { parseInvariant } from './invariant.ts';

const head = '-- A rule.\n-- holds: always\n-- by: orders\n';
const split = 'select id from orders where id > :from and id <= :to\n';

test('a file says its rule, when it holds, how it is split, and what breaks it', () => {
  expect(parseInvariant('a-rule', `${head}-- Why it is so.\n${split}`)).toEqual({
    name: 'a-rule',
    rule: 'A rule.',
    holds: 'always',
    by: 'orders',
    sql: split,
  });
});

test.for([
  ['no heading', 'select 1'],
  ['another time', `-- A rule.\n-- holds: mostly\n-- by: orders\n${split}`],
  ['a table that is not walked', `-- A rule.\n-- holds: always\n-- by: ticket_holds\n${split}`],
  ['split, and reads all of it', `${head}select id from orders\n`],
  ['whole, and asks for a part', `-- A rule.\n-- holds: always\n-- by: whole\n${split}`],
] as const)('refused: %s', ([, text]) => {
  expect(() => parseInvariant('a-rule', text)).toThrow(/a-rule\.sql/);
});
