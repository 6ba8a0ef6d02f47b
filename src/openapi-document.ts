import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { addGradingSchema } from './assignments/grading-schema.openapi.js';
import { ASSAY_VERSION } from './config/version.js';
import { ProblemDto } from './errors/problem.dto.js';
import { describeForms } from './http/forms.openapi.js';
import { describePathParameters } from './http/parameters.openapi.js';

const DESCRIPTION = `The backend of a programming course: users, courses, assignments, submissions, and the background grading of real programs.

**Signing in.** \`POST /api/v1/auth/login\` answers with an access token (15 minutes) and a refresh token. Press *Authorize* and paste the access token: it is kept in this browser.

**Errors** are problem details (RFC 9457, \`application/problem+json\`) with a stable \`code\`.

**Lists** take \`limit\` (1 to 100) and \`cursor\`, and answer \`{items, nextCursor}\`, newest first.

**Repeating a POST** that creates is safe with an \`Idempotency-Key\`. **Changes** may name the version they are based on in \`If-Match\`.`;

/** The OpenAPI 3.1 document of all routes. */
export function createOpenApiDocument(app: INestApplication): OpenAPIObject {
  const base = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Assay')
    .setDescription(DESCRIPTION)
    .setVersion(ASSAY_VERSION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This server')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The access token of a sign-in.' },
      'bearer',
    )
    .addSecurityRequirements('bearer')
    .addTag('Accounts', 'Register, sign in, and who you are.')
    .addTag('Users', 'All accounts; for administrators.')
    .addTag('Courses', 'Courses, their members and how to get in.')
    .addTag('Invitations', 'Inviting people by mail, to a course or to make an account.')
    .addTag('Assignments', 'Assignments and how they are graded.')
    .addTag('Packages', 'Assignments as packages: importing, exporting, and proving them by their model submissions.')
    .addTag('Submissions', 'Handing work in, and what it was given.')
    .addTag('Gradebook', 'Counted scores of a course, and scores set by staff.')
    .addTag('Runtimes', 'What this installation can grade.')
    .addTag('Workers', 'What the workers do; for administrators, who may pause and drain them.')
    .addTag('Audit', 'Who did what to whom; for administrators.')
    .addTag('Operations', 'Health and metrics.')
    .build();
  const document = SwaggerModule.createDocument(app, base, { extraModels: [ProblemDto] });
  return addGradingSchema(describePathParameters(describeForms(document)));
}
