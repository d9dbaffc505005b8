import type { FastifyReply } from 'fastify';

/** A file of a buyer's own: shown by our pages or saved, and kept by nobody on the way. */
export async function sendFile(
  reply: FastifyReply,
  file: {
    readonly type: string;
    readonly content: string | Buffer;
    /** To be saved under; only letters, digits, dashes and dots. Without it the file is shown. */
    readonly name?: string;
  },
): Promise<FastifyReply> {
  if (file.name !== undefined) {
    reply.header('content-disposition', `attachment; filename="${file.name}"`);
  }
  return await reply
    .type(file.type)
    .header('cache-control', 'private, no-store')
    .header('cross-origin-resource-policy', 'same-origin')
    .send(file.content);
}
