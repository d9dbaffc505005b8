import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';

/** A JSON Schema, as OpenAPI 3.1 holds it: the keywords that ours use. */
export interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const content = z.record(
  z.string(),
  z.object({ schema: z.custom<JsonSchema>(), example: z.unknown().optional() }),
);

const operationSchema = z.object({
  summary: z.string(),
  'x-access': z.string(),
  'x-roles': z.array(z.string()).optional(),
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), required: z.boolean().optional() }))
    .optional(),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content: content.optional() })),
});

const documentSchema = z.object({
  openapi: z.string().startsWith('3.1'),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly access: string;
  readonly roles: readonly string[];
  readonly needsKey: boolean;
  readonly body: JsonSchema | undefined;
  /** What an HTML form sends, where it is taken. */
  readonly form: JsonSchema | undefined;
  readonly example: unknown;
  readonly query: readonly string[];
  /** What is wrong with an answer, or undefined. */
  check(answer: { status: number; type: string; body: unknown }): string | undefined;
}

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);

/** Every operation that a service describes at /openapi.json. */
export async function readContract(baseUrl: string): Promise<Operation[]> {
  const response = await fetch(`${baseUrl}/openapi.json`);
  const document = documentSchema.parse(await response.json());
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => toOperation(path, method, operation)),
  );
}

function toOperation(
  path: string,
  method: string,
  operation: z.output<typeof operationSchema>,
): Operation {
  const parameters = operation.parameters ?? [];
  const validators = new Map<string, ValidateFunction>();
  const validatorOf = (status: string, type: string) => {
    const { default: problem, ...described } = operation.responses;
    const schema = (described[status] ?? problem)?.content?.[type]?.schema;
    const key = `${status} ${type}`;
    const known = validators.get(key);
    if (known !== undefined || schema === undefined) {
      return known;
    }
    const made = ajv.compile(schema);
    validators.set(key, made);
    return made;
  };
  return {
    method: method.toUpperCase(),
    path,
    access: operation['x-access'],
    roles: operation['x-roles'] ?? [],
    needsKey: parameters.some(({ name }) => name === 'idempotency-key'),
    body: operation.requestBody?.content['application/json']?.schema,
    form: operation.requestBody?.content['application/x-www-form-urlencoded']?.schema,
    example: operation.requestBody?.content['application/json']?.example,
    query: parameters.flatMap((parameter) => (parameter.in === 'query' ? [parameter.name] : [])),
    check: ({ status, type, body }) => {
      const isOwn = operation.responses[String(status)] !== undefined;
      if (!isOwn && type !== 'application/problem+json') {
        return `${status} ${type} is not described`;
      }
      const validate = validatorOf(String(status), type);
      if (validate === undefined) {
        const isText = isOwn && type !== 'application/json';
        return isText ? undefined : `${status} ${type} has no schema`;
      }
      const value = type.includes('json') ? body : String(body ?? '');
      return validate(value) ? undefined : ajv.errorsText(validate.errors);
    },
  };
}

const contracts = new Map<string, Promise<Operation[]>>();

/** The operation that an address and method belong to; a service's contract is read once. */
export async function operationAt(method: string, url: string): Promise<Operation | undefined> {
  const { origin, pathname } = new URL(url);
  if (!contracts.has(origin)) {
    contracts.set(
      origin,
      readContract(origin).catch(() => []),
    );
  }
  const operations = (await contracts.get(origin)) ?? [];
  return operations.find(
    (operation) => operation.method === method && matches(operation.path, pathname),
  );
}

function matches(template: string, pathname: string): boolean {
  const wanted = template.split('/');
  const given = pathname.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith('{') || part === given[index])
  );
}
