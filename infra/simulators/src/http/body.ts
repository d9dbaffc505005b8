import type { FastifyInstance } from 'fastify';
import qs from 'qs';

/** Bodies as Stripe's SDK sends them: forms with brackets. Kept raw beside, for comparison. */
export function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, qs.parse(String(body), { depth: 10, arrayLimit: 100, parameterLimit: 2_000 }));
    },
  );
}
