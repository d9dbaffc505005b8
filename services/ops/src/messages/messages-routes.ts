import { deadMessageList, replayedView } from '@liventix/contracts/api/admin';
import { listDeadMessages, replayMessage } from '@liventix/domain/outbox/dead-repository';
import type { HttpApp } from '@liventix/shared/http';
import { z } from 'zod';
import { recordAct } from '#access/audit';
import { guarded } from '#access/guarded';
import { notFound } from '#access/not-found';
import type { Deps } from '#deps';

const params = z.object({ id: z.uuid() });
const tag = 'Messages';

export function messagesRoutes(app: HttpApp, deps: Deps): void {
  guarded(app, deps, {
    method: 'GET',
    url: '/admin/v1/messages/dead',
    action: 'read',
    summary: 'Jobs that will not be tried again by themselves',
    tag,
    answers: { 200: deadMessageList },
    handler: async ({ credential }) => {
      const messages = await listDeadMessages(deps.db.pool, credential);
      return {
        messages: messages.map(({ orderId, createdAt, deadAt, ...message }) => ({
          ...message,
          order: orderId,
          created_at: createdAt.toISOString(),
          dead_at: deadAt.toISOString(),
        })),
      };
    },
  });
  guarded(app, deps, {
    method: 'POST',
    url: '/admin/v1/messages/:id/replay',
    action: 'orders.mend',
    summary: 'Try a dead job again: its cause was mended',
    tag,
    params,
    answers: { 202: replayedView },
    problems: ['message.not_found'],
    handler: async ({ credential, params: { id } }) => {
      const isId = z.uuid().safeParse(id).success;
      await deps.db.inTransaction(async (tx) => {
        const outcome = isId
          ? await replayMessage(tx, { ...credential, messageId: id })
          : 'unknown';
        if (outcome === 'unknown') {
          throw notFound('message');
        }
        if (outcome === 'open') {
          return;
        }
        await recordAct(tx, credential, {
          action: 'message.replay',
          objectType: 'message',
          objectId: id,
        });
      });
      return { id, status: 'queued' as const };
    },
  });
}
