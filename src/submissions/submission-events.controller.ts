import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { SubmissionEventsService } from './submission-events.service.js';

const EXAMPLE = `retry: 2000

id: 1000000
event: status
data: {"status":"queued","queue":{"position":3,"estimatedWaitMs":1200}}

id: 1000001
event: status
data: {"status":"running"}

id: 1000002
event: test
data: {"position":0,"name":"adds","kind":"program","verdict":"accepted","points":2,"maxPoints":2,"hidden":false}

id: 1999999
event: graded
data: {"status":"graded","verdict":"accepted","score":2,"maxScore":2}

`;

@ApiTags('Submissions')
@ApiBearerAuth()
@Controller('submissions/:submissionId/events')
export class SubmissionEventsController {
  constructor(private readonly events: SubmissionEventsService) {}

  /** Follow the grading of a submission */
  @ApiOperation({
    operationId: 'submissions_events',
    description:
      'Server-Sent Events with integer ids that never fall. `status`: `{status}`, with `queue` as in the submission where it waited ' +
      'when the stream began, again with the same id when it has moved on in the queue, and how it ended where it was not graded; `test`: a test result with its `position` among those listed, as far as the caller may see it; `graded`: `{status, verdict, ' +
      'score, maxScore}`. Each test comes once and in order; none is left out, whatever was lost on the way. The stream ends ' +
      'when the grading has ended, at any terminal status, and after ten minutes. With `Last-Event-ID` it goes on behind ' +
      'that event; an id that is none of this submission starts it anew. 204: nothing is left to tell. At most 20 streams ' +
      'for each user, else 429 `too_many_streams`.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Id of the last event that was received; browsers send it by themselves.',
    schema: { type: 'string', pattern: '^[0-9]{1,15}$' },
    example: '1000001',
  })
  @ApiOkResponse({
    description: 'The events.',
    content: { 'text/event-stream': { schema: { type: 'string' }, example: EXAMPLE } },
  })
  @ApiNoContentResponse({ description: 'The grading has ended and `Last-Event-ID` was its last event.' })
  @Problems(401, 404, 429, 503)
  @Get()
  stream(
    @CurrentUser() user: Principal,
    @Param('submissionId', IdPipe) submissionId: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.events.stream(user, submissionId, lastEventId, reply);
  }
}
