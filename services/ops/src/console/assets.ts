import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import type { HttpApp } from '@liventix/shared/http';

const types = { 'console.css': 'text/css', 'console.js': 'text/javascript' } as const;
type AssetName = keyof typeof types;

interface Asset {
  readonly path: string;
  readonly bytes: Buffer;
  readonly brotli: Buffer;
}

const assets = Object.fromEntries(
  Object.keys(types).map((name) => {
    const bytes = readFileSync(new URL(`../../assets/${name}`, import.meta.url));
    const version = createHash('sha256').update(bytes).digest('base64url').slice(0, 12);
    const path = `/assets/${version}/${name}`;
    return [name, { path, bytes, brotli: brotliCompressSync(bytes) }];
  }),
) as Record<AssetName, Asset>;

/** Where a file of the console is: under its content, so that a browser may keep it for ever. */
export function assetPath(name: AssetName): string {
  return assets[name].path;
}

export function assetRoutes(app: HttpApp): void {
  for (const [name, asset] of Object.entries(assets)) {
    const route = { schema: { hide: true }, config: { access: 'anyone' } } as const;
    app.get(asset.path, route, async (request, reply) => {
      const isSmall = /\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''));
      reply
        .type(`${types[name as AssetName]}; charset=utf-8`)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('vary', 'accept-encoding');
      if (isSmall) {
        reply.header('content-encoding', 'br');
      }
      return await reply.send(isSmall ? asset.brotli : asset.bytes);
    });
  }
}
