import formbody from '@fastify/formbody';
import type { HttpApp } from '@liventix/shared/http';

/**
 * Routes that take what an HTML form sends, and nothing else. Everywhere else forms stay refused: a
 * form is the one body that any page of the web may send here without being asked first.
 */
export async function takeForms(app: HttpApp, routes: (scope: HttpApp) => void): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // 400 tickets are the most that one form can give back, 44 bytes each.
    await scope.register(formbody, { bodyLimit: 32 * 1024 });
    routes(scope);
  });
}
