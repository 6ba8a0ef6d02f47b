import type { ApiPropertyOptions } from '@nestjs/swagger';

/** The name of the published schema of grading documents among the components of the OpenAPI document. */
export const GRADING_SCHEMA_NAME = 'GradingDocument';

const schema = { $ref: `#/components/schemas/${GRADING_SCHEMA_NAME}` };

/** A property that takes a grading document. */
export const gradingDocumentProperty = { allOf: [schema] } satisfies ApiPropertyOptions;

/** A property that shows one: to students with parts left out, so that it is not one any more. */
export const shownGradingProperty = {
  anyOf: [schema, { type: 'object', title: 'What students see of it', additionalProperties: true }],
} satisfies ApiPropertyOptions;
