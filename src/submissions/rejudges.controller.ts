import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Idempotent } from '../http/idempotent.interceptor.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { RejudgeDto } from './dto/rejudge.dto.js';
import { RejudgeService } from './rejudge.service.js';

@ApiTags('Submissions')
@ApiBearerAuth()
@Controller()
export class RejudgesController {
  constructor(private readonly rejudges: RejudgeService) {}

  /** Grade a submission again */
  @ApiOperation({
    operationId: 'rejudges_createForSubmission',
    description:
      "For the staff of the course: a new grading run with the assignment's current grading document. The former result " +
      'stays readable among the runs, and comes back should this one fail or be cancelled. 409 `grading_in_progress` while ' +
      'it waits or is being graded.',
  })
  @ApiAcceptedResponse({ type: RejudgeDto, description: 'It will be graded again.' })
  @Idempotent()
  @Problems(401, 403, 404, 409, 422)
  @HttpCode(202)
  @Post('submissions/:submissionId/rejudge')
  createForSubmission(
    @CurrentUser() user: Principal,
    @Param('submissionId', IdPipe) submissionId: string,
  ): Promise<RejudgeDto> {
    return this.rejudges.rejudgeSubmission(user, submissionId);
  }

  /** Grade all submissions to an assignment again */
  @ApiOperation({
    operationId: 'rejudges_createForAssignment',
    description:
      'For the staff of the course: all submissions that were graded or had failed. Those that wait or are being graded at ' +
      'that moment are left out and counted in `skipped`; cancelled ones stay cancelled.',
  })
  @ApiAcceptedResponse({ type: RejudgeDto, description: 'They will be graded again.' })
  @Idempotent()
  @Problems(401, 403, 404, 409, 422)
  @HttpCode(202)
  @Post('assignments/:assignmentId/rejudge')
  createForAssignment(
    @CurrentUser() user: Principal,
    @Param('assignmentId', IdPipe) assignmentId: string,
  ): Promise<RejudgeDto> {
    return this.rejudges.rejudgeAssignment(user, assignmentId);
  }

  /** See how far a rejudge is */
  @ApiOperation({ operationId: 'rejudges_get', description: 'For the staff of the course.' })
  @Problems(401, 404)
  @Get('rejudges/:rejudgeId')
  get(@CurrentUser() user: Principal, @Param('rejudgeId', IdPipe) rejudgeId: string): Promise<RejudgeDto> {
    return this.rejudges.get(user, rejudgeId);
  }
}
