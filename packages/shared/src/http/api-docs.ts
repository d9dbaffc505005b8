import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

export interface ApiDescription {
  readonly title: string;
  readonly description: string;
  /** Each bearer credential by its `access`, with what it is. */
  readonly credentials?: Readonly<Record<string, string>>;
}

const docsPath = '/docs';

/** Swagger UI brings its own scripts and styles, and asks nobody else. */
const docsPolicy =
  "default-src 'none'; connect-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

const bearer = (description: string) => ({
  type: 'http' as const,
  scheme: 'bearer',
  description,
});

/** OpenAPI 3.1 of every route that follows, at /openapi.json, and a page of it at /docs. */
export async function describeApi(app: FastifyInstance, api: ApiDescription): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: api.title, description: api.description, version: '1.0.0' },
      components: {
        securitySchemes: Object.fromEntries(
          Object.entries(api.credentials ?? {}).map(([access, what]) => [access, bearer(what)]),
        ),
      },
    },
    transform: jsonSchemaTransform,
  });
  app.get('/openapi.json', { schema: { hide: true }, config: { access: 'anyone' } }, async () =>
    app.swagger(),
  );
  await app.register(docsPage);
}

const docsPage: FastifyPluginAsync = async (scope) => {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'anyone' };
  });
  scope.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', docsPolicy);
  });
  await scope.register(swaggerUi, {
    routePrefix: docsPath,
    uiConfig: { docExpansion: 'list', tryItOutEnabled: true },
    staticCSP: false,
  });
};
