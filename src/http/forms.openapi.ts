import type { OpenAPIObject } from '@nestjs/swagger';

/** A schema as the OpenAPI document writes it. */
export type FormFields = Readonly<
  Record<string, { readonly type: 'string'; readonly enum?: readonly string[]; readonly description: string }>
>;

/** Where an operation carries the schema of its form until `describeForms` puts that in its place. */
export const FORM_SCHEMA = 'x-assay-form';

/** Gives the forms of operations their own schema: by itself, Swagger describes all content types of a body alike. */
export function describeForms(document: OpenAPIObject): OpenAPIObject {
  for (const { post } of Object.values(document.paths)) {
    if (post === undefined || !hasForm(post)) continue;
    const { [FORM_SCHEMA]: schema, requestBody } = post;
    if (requestBody !== undefined && 'content' in requestBody) requestBody.content['multipart/form-data'] = { schema };
    Reflect.deleteProperty(post, FORM_SCHEMA);
  }
  return document;
}

function hasForm<T extends object>(operation: T): operation is T & { readonly [FORM_SCHEMA]: object } {
  return FORM_SCHEMA in operation;
}
