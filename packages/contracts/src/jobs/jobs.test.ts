import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { jobs, queues } from './jobs.ts';

const recorded = new URL('payloads/', import.meta.url);
const release = z.record(z.string(), z.array(z.unknown()));

describe('the job catalogue', () => {
  test.for(readdirSync(recorded))('still parses the payloads of release %s', (file) => {
    const payloads = release.parse(JSON.parse(readFileSync(new URL(file, recorded), 'utf8')));
    for (const [name, samples] of Object.entries(payloads)) {
      const contract = Object.entries(jobs).find(([known]) => known === name)?.[1];
      expect(contract, `${name} was removed while old jobs may be waiting`).toBeDefined();
      for (const sample of samples) {
        expect(contract?.payload.safeParse(sample).success, `${name} of ${file}`).toBe(true);
      }
    }
  });

  test('every job is filed under its own name, on a known queue', () => {
    for (const [name, contract] of Object.entries(jobs)) {
      expect(contract.name).toBe(name);
      expect(queues).toContain(contract.queue);
    }
  });
});
