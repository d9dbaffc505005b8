import type { FastifySchema } from 'fastify';
import { z } from 'zod';
import type { FieldCodes } from './parse-request.ts';
import { problemDocument } from './problem.ts';

/**
 * Who may call a route. Each route names one: without it the process does not start. What is none
 * of these is a bearer credential, which the service describes in its `ApiDescription`.
 */
export type Access = OpenAccess | (string & {});

type OpenAccess = 'anyone' | 'token_in_path' | 'provider_signature' | 'monitoring';

const withoutCredential: readonly string[] = [
  'anyone',
  'token_in_path',
  'provider_signature',
  'monitoring',
] satisfies OpenAccess[];

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
}

type Schemas = Readonly<Record<number, z.ZodType>>;

export interface OperationSpec {
  /** One line, as a person would ask for it. */
  readonly summary: string;
  readonly description?: string;
  readonly tag: string;
  readonly access: Access;
  /** Roles of API keys that may call it. */
  readonly roles?: readonly string[];
  /** Whether an Idempotency-Key header must come with it, or may. */
  readonly idempotent?: true | 'optional';
  readonly params?: z.ZodObject;
  readonly querystring?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The body is what an HTML form sends, and nothing else. */
  readonly form?: true;
  /** Codes for fields of the body that have one of their own. */
  readonly fieldCodes?: FieldCodes;
  readonly answers: Schemas;
  /** Answers that are no JSON: the status is 200, the key the media type. */
  readonly media?: readonly string[];
  /** It goes on to another page when it is done, as the answer to a form does. */
  readonly forwards?: true;
  /** Codes of the refusals that are particular to this route. */
  readonly problems?: readonly string[];
}

type Parts = 'params' | 'querystring' | 'body';

interface Operation<Spec extends OperationSpec> {
  readonly schema: Pick<Spec, Extract<keyof Spec, Parts>> & { readonly response: Spec['answers'] };
  readonly config: { readonly access: Access };
}

const idempotencyHeader = z.object({
  'idempotency-key': z.uuid().describe('A fresh UUID; repeat it when you retry the same request.'),
});

const fieldCodesOf = new WeakMap<object, FieldCodes>();

/** The codes that an operation gave for the fields of this body. */
export function fieldCodes(schema: object): FieldCodes {
  return fieldCodesOf.get(schema) ?? {};
}

/** What a route is, once: Fastify checks requests by it, and the OpenAPI document says it. */
export function operation<const Spec extends OperationSpec>(spec: Spec): Operation<Spec> {
  if (spec.body !== undefined && spec.fieldCodes !== undefined) {
    fieldCodesOf.set(spec.body, spec.fieldCodes);
  }
  const schema = {
    summary: spec.summary,
    ...(spec.description !== undefined && { description: spec.description }),
    tags: [spec.tag],
    'x-access': spec.access,
    ...(spec.roles !== undefined && { 'x-roles': spec.roles }),
    security: withoutCredential.includes(spec.access) ? [] : [{ [spec.access]: [] }],
    ...(spec.idempotent === true && { headers: idempotencyHeader }),
    ...(spec.idempotent === 'optional' && { headers: idempotencyHeader.partial() }),
    ...(spec.params !== undefined && { params: spec.params }),
    ...(spec.querystring !== undefined && { querystring: spec.querystring }),
    ...(spec.body !== undefined && { body: spec.body }),
    ...(spec.form === true && { consumes: ['application/x-www-form-urlencoded'] }),
    response: responses(spec),
  };
  const config = { access: spec.access };
  return { schema: schema as FastifySchema, config } as unknown as Operation<Spec>;
}

function responses(spec: OperationSpec): Record<string, unknown> {
  const media = spec.media?.map((type) => [type, { schema: z.string() }]);
  return {
    ...spec.answers,
    ...(media !== undefined && {
      200: { description: 'The file or page.', content: Object.fromEntries(media) },
    }),
    ...(spec.forwards === true && {
      303: { description: 'Goes on to a page.', content: { 'text/html': { schema: z.string() } } },
    }),
    default: {
      description: `A problem document${codesOf(spec)}`,
      content: { 'application/problem+json': { schema: problemDocument } },
    },
  };
}

function codesOf(spec: OperationSpec): string {
  return spec.problems === undefined || spec.problems.length === 0
    ? '.'
    : `, among them ${spec.problems.map((code) => `\`${code}\``).join(', ')}.`;
}
