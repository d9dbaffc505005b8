import { Redis } from 'ioredis';
import { type Finding, failed, ok, reasonOf, warning } from './finding.ts';
import type { Patient } from './patient.ts';

/** Redis: there, new enough, never evicting, and keeping what it was told. */
export async function checkRedis(patient: Patient): Promise<Finding[]> {
  const check = 'Redis';
  if (patient.REDIS_URL === undefined) {
    return [failed(check, 'REDIS_URL is not set.', 'Set it to the address of Redis.')];
  }
  const redis = new Redis(patient.REDIS_URL, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const info = await redis.info();
    const value = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
    return [
      version(value('redis_version')),
      eviction(value('maxmemory_policy')),
      memory(Number(value('maxmemory'))),
      persistence(value('aof_enabled')),
    ];
  } catch (error) {
    const remedy = 'Check the address, the password and the network.';
    return [failed(check, `It does not answer: ${reasonOf(error)}`, remedy)];
  } finally {
    redis.disconnect();
  }
}

function version(text: string): Finding {
  const [major = 0, minor = 0] = text.split('.').map(Number);
  const isEnough = major > 6 || (major === 6 && minor >= 2);
  return isEnough
    ? ok('Redis', `Version ${text} answers.`)
    : failed('Redis', `Version ${text} is too old for BullMQ.`, 'Use 6.2 or newer.');
}

function eviction(policy: string): Finding {
  const check = 'eviction policy';
  return policy === 'noeviction'
    ? ok(check, 'noeviction.')
    : failed(
        check,
        `maxmemory-policy is ${policy}: under pressure jobs vanish.`,
        'Set maxmemory-policy to noeviction.',
      );
}

function memory(maxBytes: number): Finding {
  const check = 'memory limit';
  return maxBytes > 0
    ? ok(check, `maxmemory is ${Math.round(maxBytes / 1_048_576)} MB.`)
    : warning(
        check,
        'maxmemory is 0: nobody hears that Redis fills the machine until it does.',
        'Set maxmemory to what it may have.',
      );
}

function persistence(enabled: string): Finding {
  const check = 'append-only file';
  return enabled === '1'
    ? ok(check, 'appendonly is on.')
    : warning(
        check,
        'appendonly is off: a restart forgets the queues, and the relay fills them again.',
        'Set appendonly to yes.',
      );
}
