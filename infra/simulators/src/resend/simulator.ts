import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  fineDay,
  strikes,
  TokenBucket,
  type Weather,
  waitLatency,
  weatherSchema,
} from '../http/weather.ts';
import { Fates, fates } from './fates.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { renderInbox, renderMail } from './inbox-page.ts';
import { type Mail, Mails } from './mails.ts';
import { mailRefusal, ResendRefusal } from './refusal.ts';

export interface ResendSimulatorOptions {
  readonly port: number;
  readonly host: string;
  readonly apiKey: string;
  /** Resend's own default is 5/s for a team; 0 is no limit. */
  readonly mailsPerSecond?: number;
  /** Where delivery events go, and the `whsec_` secret that signs them. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** Milliseconds until a mail to one of the test addresses arrives. */
  readonly stepMs?: number;
  readonly now?: () => number;
}

interface World {
  readonly options: ResendSimulatorOptions;
  readonly mails: Mails;
  readonly keys: IdempotencyKeys;
  readonly fates: Fates;
  limit: TokenBucket;
  readonly requests: {
    method: string;
    path: string;
    idempotencyKey: string | undefined;
    status: number;
  }[];
  weather: Weather;
}

const path = z.object({ id: z.string() });

/** The one domain that may send. */
const verifiedDomain = {
  id: '4dd369bc-aa82-4ff3-97de-514ae3000ee0',
  name: 'liventix.dev',
  status: 'verified',
  region: 'eu-west-1',
  created_at: '2026-01-01T00:00:00.000Z',
};

/** A local double of Resend, with which the SDK talks unchanged, and an inbox to look into. */
export async function startResendSimulator(
  options: ResendSimulatorOptions,
): Promise<{ url: string; port: number; close(): Promise<void> }> {
  const app = Fastify({ logger: false, bodyLimit: 40 * 1024 * 1024, forceCloseConnections: true });
  const world: World = {
    options,
    mails: new Mails(),
    keys: new IdempotencyKeys(options.now),
    fates: new Fates({
      webhook: options.webhook,
      weather: () => world.weather,
      stepMs: options.stepMs ?? 1_000,
    }),
    limit: new TokenBucket(options.mailsPerSecond ?? 5),
    requests: [],
    weather: fineDay,
  };
  app.setErrorHandler(async (error, _request, reply) => {
    if (error instanceof ResendRefusal) {
      return await reply.code(error.status).send(error.body);
    }
    return await reply
      .code(400)
      .send({ statusCode: 400, name: 'validation_error', message: String(error) });
  });
  apiRoutes(app, world);
  controlRoutes(app, world);
  await app.listen({ port: options.port, host: options.host });
  const { port } = app.server.address() as AddressInfo;
  const close = async () => {
    world.fates.close();
    await app.close();
  };
  return { url: `http://${options.host}:${port}`, port, close };
}

/** Does what a route that sends does around its work: books, latency, admission, idempotency. */
async function sending(
  world: World,
  http: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  work: (key: string | undefined) => object,
): Promise<object> {
  const { request, reply } = http;
  const header = request.headers['idempotency-key'];
  const idempotencyKey = typeof header === 'string' ? header : undefined;
  const seen = { method: 'POST', path: request.url, idempotencyKey, status: 500 };
  world.requests.push(seen);
  try {
    admit(world, request, reply);
    if (world.weather.refuse_mails !== undefined) {
      throw mailRefusal(world.weather.refuse_mails, request.body);
    }
    const answer = await world.keys.once(idempotencyKey, request.body, async () => {
      await waitLatency(world.weather);
      return work(idempotencyKey);
    });
    seen.status = 200;
    if (strikes(world.weather.timeout_after_success_rate)) {
      request.raw.socket.destroy();
    }
    return answer;
  } catch (error) {
    seen.status = error instanceof ResendRefusal ? error.status : 500;
    throw error;
  }
}

function apiRoutes(app: FastifyInstance, world: World): void {
  app.post('/emails', async (request, reply) => {
    return await sending(world, { request, reply }, (key) => {
      const mail = world.mails.accept(request.body, key);
      world.fates.begin(mail);
      return { id: mail.id };
    });
  });
  app.post('/emails/batch', async (request, reply) => {
    const isPermissive = request.headers['x-batch-validation'] === 'permissive';
    return await sending(world, { request, reply }, (idempotencyKey) => {
      const { mails, errors } = world.mails.acceptBatch(request.body, {
        isPermissive,
        idempotencyKey,
      });
      for (const mail of mails) {
        world.fates.begin(mail);
      }
      return { data: mails.map(({ id }) => ({ id })), ...(isPermissive && { errors }) };
    });
  });
  app.get('/domains', async (request, reply) => {
    admit(world, request, reply);
    return { object: 'list', has_more: false, data: [verifiedDomain] };
  });
  app.get('/emails/:id', async (request, reply) => {
    admit(world, request, reply);
    const mail = getMail(world, request);
    return {
      object: 'email',
      id: mail.id,
      from: mail.body.from,
      to: mail.body.to,
      subject: mail.body.subject,
      created_at: mail.createdAt,
      last_event: mail.lastEvent,
    };
  });
}

/** Today's limit, or the usual one; 0 is none. */
function mailsPerSecond(world: World): number {
  return world.weather.rate_limit_per_s ?? world.options.mailsPerSecond ?? 5;
}

/** The door of the API: weather, key, rate limit. */
function admit(world: World, request: FastifyRequest, reply: FastifyReply): void {
  if (world.weather.down || strikes(world.weather.error_rate)) {
    throw new ResendRefusal(503, 'application_error', 'An unexpected error occurred.');
  }
  if (request.headers.authorization === undefined) {
    throw new ResendRefusal(401, 'missing_api_key', 'Missing API key in the authorization header');
  }
  if (request.headers.authorization !== `Bearer ${world.options.apiKey}`) {
    throw new ResendRefusal(403, 'invalid_api_key', 'API key is invalid');
  }
  const limit = mailsPerSecond(world);
  const isWithin = world.limit.take();
  reply
    .header('ratelimit-limit', limit)
    .header('ratelimit-policy', `${limit};w=1`)
    .header('ratelimit-remaining', world.limit.left)
    .header('ratelimit-reset', 1);
  if (!isWithin) {
    reply.header('retry-after', 1);
    throw new ResendRefusal(
      429,
      'rate_limit_exceeded',
      `Too many requests. You can only make ${limit} requests per second.`,
    );
  }
}

function getMail(world: World, request: FastifyRequest): Mail {
  const mail = world.mails.find(path.parse(request.params).id);
  if (mail === undefined) {
    throw new ResendRefusal(404, 'not_found', 'Email not found');
  }
  return mail;
}

function controlRoutes(app: FastifyInstance, world: World): void {
  app.get('/_simulator/health', async () => ({ status: 'ready' }));
  app.get('/_simulator/weather', async () => world.weather);
  app.put('/_simulator/weather', async (request) => {
    world.weather = weatherSchema.parse(request.body);
    world.limit = new TokenBucket(mailsPerSecond(world));
    return world.weather;
  });
  for (const fate of fates) {
    app.post(`/_simulator/emails/:id/${fate}`, async (request) => {
      const mail = getMail(world, request);
      world.fates.happen(mail, fate);
      return { id: mail.id, last_event: mail.lastEvent };
    });
  }
  app.get('/_simulator/requests', async () => ({ requests: world.requests }));
  app.get('/_simulator/books', async () => ({
    emails: world.mails.accepted.map(({ id, idempotencyKey, body, lastEvent }) => ({
      id,
      to: body.to,
      subject: body.subject,
      idempotency_key: idempotencyKey,
      last_event: lastEvent,
      attachments: body.attachments?.length ?? 0,
    })),
  }));
  app.get('/', async (_request, reply) => await page(reply, renderInbox(world.mails.accepted)));
  app.get('/inbox/:id', async (request, reply) => {
    return await page(reply, renderMail(getMail(world, request)));
  });
  app.get('/inbox/:id/files/:at', async (request, reply) => {
    const { at } = z.object({ at: z.coerce.number().int().min(0) }).parse(request.params);
    const file = getMail(world, request).body.attachments?.[at];
    if (file === undefined) {
      throw new ResendRefusal(404, 'not_found', 'Attachment not found');
    }
    return await reply
      .type(file.content_type ?? 'application/octet-stream')
      .header('content-disposition', `attachment; filename="${encodeURIComponent(file.filename)}"`)
      .send(Buffer.from(file.content ?? '', 'base64'));
  });
}

async function page(reply: FastifyReply, html: string): Promise<FastifyReply> {
  return await reply
    .type('text/html; charset=utf-8')
    .header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'",
    )
    .send(html);
}
