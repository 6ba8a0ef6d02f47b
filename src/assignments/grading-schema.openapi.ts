import type { OpenAPIObject } from '@nestjs/swagger';
import { gradingDocumentSchema } from '../grading/grading-schema.js';
import { GRADING_SCHEMA_NAME } from './dto/grading-property.js';

/**
 * Puts the JSON Schema of grading documents among the components of an OpenAPI 3.1 document, where assignments refer to it.
 * Call it on the document that Nest made, before it is served or written.
 */
export function addGradingSchema(document: OpenAPIObject): OpenAPIObject {
  return {
    ...document,
    components: {
      ...document.components,
      schemas: { ...document.components?.schemas, [GRADING_SCHEMA_NAME]: gradingDocumentSchema },
    },
  };
}
