import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { z } from 'zod';
import type { World } from './world.ts';

const columnRow = z.object({ table: z.string(), column: z.string() });

/** Every column of every table in which one of these words stands, in whatever case. */
export async function columnsWith(world: World, words: readonly string[]): Promise<string[]> {
  const { rows } = await world.db.pool.raw(
    `select c.table_name as "table", c.column_name as "column"
       from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
        and c.data_type not in ('uuid', 'integer', 'bigint', 'boolean')
      order by 1, 2`,
  );
  const found: string[] = [];
  for (const { table, column } of z.array(columnRow).parse(rows)) {
    const { rows: hits } = await world.db.pool.raw(
      'select 1 from :table: where :column:::text ilike any (:patterns::text[]) limit 1',
      { table, column, patterns: words.map((word) => `%${word}%`) },
    );
    if (hits.length > 0) {
      found.push(`${table}.${column}`);
    }
  }
  return found;
}

/** Of these columns those of which docs/personal-data.md does not say that people stand in them. */
export function undocumented(columns: readonly string[]): string[] {
  const documented = documentedColumns();
  return columns.filter((column) => !documented.has(column));
}

function documentedColumns(): Set<string> {
  const path = fileURLToPath(new URL('../../docs/personal-data.md', import.meta.url));
  const cells = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|')[1] ?? '');
  return new Set(
    cells.flatMap((cell) => {
      let table = '';
      return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => {
        const [before = '', after] = name.split('.');
        table = after === undefined ? table : before;
        return `${table}.${after ?? before}`;
      });
    }),
  );
}

/** Every key of Redis in whose name or value one of these words stands. */
export async function keysWith(redisUrl: string, words: readonly string[]): Promise<string[]> {
  const redis = new Redis(redisUrl);
  const found: string[] = [];
  try {
    for await (const keys of redis.scanStream({ count: 1_000 }) as AsyncIterable<string[]>) {
      for (const key of keys) {
        const held = `${key} ${JSON.stringify(await heldIn(redis, key))}`.toLowerCase();
        if (words.some((word) => held.includes(word))) {
          found.push(key);
        }
      }
    }
  } finally {
    redis.disconnect();
  }
  return found;
}

async function heldIn(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return await redis.get(key);
    case 'hash':
      return await redis.hgetall(key);
    case 'list':
      return await redis.lrange(key, 0, -1);
    case 'set':
      return await redis.smembers(key);
    case 'zset':
      return await redis.zrange(key, '0', '-1');
    case 'stream':
      return await redis.xrange(key, '-', '+');
    default:
      return undefined;
  }
}

/** Every line of the logs in which one of these words stands: of our services, Postgres and Redis. */
export function logLinesWith(folder: string, words: readonly string[]): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log') && !/^(?:stripe|resend)/.test(name))
    .flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter((line) => words.some((word) => line.toLowerCase().includes(word)))
        .map((line) => `${name}: ${line}`),
    );
}
