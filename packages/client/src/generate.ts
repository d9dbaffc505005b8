import openapiTS, { astToString } from 'openapi-typescript';

/**
 * The TypeScript of an OpenAPI document. It needs the compiler's own API, which TypeScript 7 no
 * longer has: that is why this package builds with 5.
 */
export async function clientTypes(document: string): Promise<string> {
  return astToString(await openapiTS(document));
}
