import type { OpenAPIObject } from '@nestjs/swagger';

/** What each parameter in a path names. A new one that is not here fails the lint of the OpenAPI document. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  id: 'Id of the user.',
  userId: 'Id of the user.',
  courseId: 'Id of the course.',
  assignmentId: 'Id of the assignment.',
  submissionId: 'Id of the submission.',
  rejudgeId: 'Id of the batch.',
  verificationId: 'Id of the verification.',
  tokenId: 'Id of the personal access token.',
  sessionId: 'Id of the session.',
  invitationId: 'Id of the invitation.',
};

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Describes the ids in all paths, in one place instead of on every handler that has one. Changes the document. */
export function describePathParameters(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      for (const parameter of path[method]?.parameters ?? []) {
        if ('$ref' in parameter || parameter.in !== 'path' || parameter.description !== undefined) continue;
        const description = DESCRIPTIONS[parameter.name];
        if (description === undefined) continue;
        parameter.description = description;
        parameter.schema = { type: 'string', format: 'uuid' };
      }
    }
  }
  return document;
}
