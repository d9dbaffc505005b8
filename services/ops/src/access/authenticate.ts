import { type Action, mayDo } from '@liventix/domain/access';
import { type Credential, findApiKey } from '@liventix/domain/access/repository';
import type { Database } from '@liventix/shared/db';
import { AppError } from '@liventix/shared/errors';
import { bearerOf } from '@liventix/shared/http/bearer';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** The password of Basic auth: a browser's own login box takes an API key there. */
function basicPasswordOf(request: FastifyRequest): string | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (encoded === undefined) {
    return undefined;
  }
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** Who is asking, if their key is good and their role may do this. */
export async function authenticate(
  db: Database,
  http: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  action: Action,
): Promise<Credential> {
  const key = bearerOf(http.request) ?? basicPasswordOf(http.request);
  const credential = key === undefined ? undefined : await findApiKey(db.pool, key);
  if (credential === undefined) {
    http.reply.header('www-authenticate', 'Basic realm="Liventix operations", charset="UTF-8"');
    throw key === undefined
      ? new AppError('api_key.missing', {
          message: 'Send an API key as "Authorization: Bearer …", or as the password of a login.',
          retry: 'permanent',
        })
      : new AppError('api_key.invalid', {
          message: 'This API key is unknown, expired or revoked.',
          retry: 'permanent',
        });
  }
  if (!mayDo(credential.role, action)) {
    throw new AppError('api_key.forbidden', {
      message: `A key with the role ${credential.role} may not do this.`,
      retry: 'permanent',
    });
  }
  return credential;
}
