import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '@liventix/shared/testing/wait';
import { Redis } from 'ioredis';
import { inheritedEnvironment } from '#config';
import { findRedis } from '#redis/binaries';
import { readyRedis, redisProgram, redisUrl } from '#redis/redis';
import { stateDir } from '#stack/places';
import { freePort } from '#supervisor/free-port';
import { startProgram, stopProgram } from '#supervisor/program';

const slots = 16_384;
const masters = 3;

export interface RedisCluster extends AsyncDisposable {
  /** The addresses of all masters, as REDIS_URL takes them. */
  readonly url: string;
}

/** Three masters that share the slots, without replicas. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'liventix-cluster-'));
  const { PATH: path = '' } = inheritedEnvironment();
  const server = findRedis({ stateDir, path, say: () => undefined });
  const ports: number[] = [];
  const children: ChildProcess[] = [];
  for (let n = 0; n < masters; n += 1) {
    const port = await freePort();
    const logFile = join(folder, `${port}.log`);
    const dataDir = join(folder, String(port));
    const program = redisProgram({ server, dataDir, port, logFile });
    const args = [
      ...program.args,
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      String(await freePort()),
    ];
    children.push(startProgram({ ...program, args }));
    await readyRedis(port, logFile);
    ports.push(port);
  }
  await formCluster(ports);
  return {
    url: ports.map(redisUrl).join(','),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(children.map(async (child) => await stopProgram(child, 'SIGTERM', 2_000)));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Deals the slots out and introduces the masters to each other, until all agree. */
async function formCluster(ports: readonly number[]): Promise<void> {
  const nodes = ports.map((port) => new Redis(redisUrl(port)));
  try {
    const [first] = nodes;
    const share = Math.ceil(slots / masters);
    for (const [index, node] of nodes.entries()) {
      const from = index * share;
      const to = Math.min(from + share, slots) - 1;
      await node.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String(to));
    }
    for (const [index, port] of ports.entries()) {
      const bus = await nodes[index]?.call('CONFIG', 'GET', 'cluster-port');
      const busPort = Array.isArray(bus) ? String(bus[1]) : '';
      await first?.call('CLUSTER', 'MEET', '127.0.0.1', String(port), busPort);
    }
    for (const node of nodes) {
      await waitFor(
        async () => String(await node.call('CLUSTER', 'INFO')).includes('cluster_state:ok'),
        { what: 'the cluster to agree' },
      );
    }
  } finally {
    for (const node of nodes) {
      node.disconnect();
    }
  }
}
