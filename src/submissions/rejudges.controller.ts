import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CountedAs } from '../auth/counted-as.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Idempotent } from '../http/idempotent.interceptor.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { RejudgeAssignmentDto, RejudgeSubmissionDto } from './dto/ask-rejudge.dto.js';
import { ListDifferencesDto } from './dto/list-differences.dto.js';
import { RejudgeDifferencePageDto } from './dto/rejudge-difference-page.dto.js';
import { RejudgePageDto } from './dto/rejudge-page.dto.js';
import { RejudgeDto } from './dto/rejudge.dto.js';
import { RejudgeDecisionService } from './rejudge-decision.service.js';
import { RejudgeDifferencesService } from './rejudge-differences.service.js';
import { RejudgeService } from './rejudge.service.js';

@ApiTags('Submissions')
@ApiBearerAuth()
@Controller()
export class RejudgesController {
  constructor(
    private readonly rejudges: RejudgeService,
    private readonly decisions: RejudgeDecisionService,
    private readonly differences: RejudgeDifferencesService,
  ) {}

  /** Grade a submission again */
  @ApiOperation({
    operationId: 'rejudges_createForSubmission',
    description:
      "For the staff of the course: a new grading run with the assignment's current grading document. The former result " +
      'stays readable among the runs, and comes back should this one fail or be cancelled. With `dryRun` the submission ' +
      'shows nothing of it until it is applied. 409 `grading_in_progress` while it waits or is being graded.',
  })
  @ApiBody({ type: RejudgeSubmissionDto, required: false })
  @ApiAcceptedResponse({ type: RejudgeDto, description: 'It will be graded again.' })
  @Idempotent()
  @Problems(401, 403, 404, 409, 422)
  @HttpCode(202)
  @CountedAs('costly')
  @Post('submissions/:submissionId/rejudge')
  createForSubmission(
    @CurrentUser() user: Principal,
    @Param('submissionId', IdPipe) submissionId: string,
    @Body() dto: RejudgeSubmissionDto,
  ): Promise<RejudgeDto> {
    return this.rejudges.rejudgeSubmission(user, submissionId, dto);
  }

  /** Grade submissions to an assignment again */
  @ApiOperation({
    operationId: 'rejudges_createForAssignment',
    description:
      'For the staff of the course: all submissions that were graded or had failed, or those that the body asks for. Those ' +
      'that wait or are being graded at that moment are left out and counted in `skipped`. With `dryRun` the submissions ' +
      'show nothing of it until it is applied. Beyond 200 submissions the rest is gathered in the background: the batch is ' +
      '`preparing` until then.',
  })
  @ApiBody({ type: RejudgeAssignmentDto, required: false })
  @ApiAcceptedResponse({ type: RejudgeDto, description: 'They will be graded again.' })
  @Idempotent()
  @Problems(401, 403, 404, 409, 422)
  @HttpCode(202)
  @CountedAs('costly')
  @Post('assignments/:assignmentId/rejudge')
  createForAssignment(
    @CurrentUser() user: Principal,
    @Param('assignmentId', IdPipe) assignmentId: string,
    @Body() dto: RejudgeAssignmentDto,
  ): Promise<RejudgeDto> {
    return this.rejudges.rejudgeAssignment(user, assignmentId, dto);
  }

  /** List the rejudges of an assignment */
  @ApiOperation({
    operationId: 'rejudges_list',
    description: 'For the staff of the course; newest first, those of single submissions included.',
  })
  @Problems(401, 403, 404, 422)
  @Get('assignments/:assignmentId/rejudges')
  list(
    @CurrentUser() user: Principal,
    @Param('assignmentId', IdPipe) assignmentId: string,
    @Query() query: ListQueryDto,
  ): Promise<RejudgePageDto> {
    return this.rejudges.list(user, assignmentId, query);
  }

  /** See how far a rejudge is */
  @ApiOperation({
    operationId: 'rejudges_get',
    description: 'For the staff of the course, with who asked for it, who decided on it, and what it changes.',
  })
  @Problems(401, 404)
  @Get('rejudges/:rejudgeId')
  get(@CurrentUser() user: Principal, @Param('rejudgeId', IdPipe) rejudgeId: string): Promise<RejudgeDto> {
    return this.rejudges.get(user, rejudgeId);
  }

  /** See what a rejudge changes */
  @ApiOperation({
    operationId: 'rejudges_listDifferences',
    description:
      'For the staff of the course: of each submission the former and the new result, and the tests that differ; oldest ' +
      'first. The same before and after it is applied. 409 `rejudge_discarded` once it was discarded.',
  })
  @Problems(401, 404, 409, 422)
  @Get('rejudges/:rejudgeId/differences')
  listDifferences(
    @CurrentUser() user: Principal,
    @Param('rejudgeId', IdPipe) rejudgeId: string,
    @Query() query: ListDifferencesDto,
  ): Promise<RejudgeDifferencePageDto> {
    return this.differences.list(user, rejudgeId, query);
  }

  /** Apply a dry run */
  @ApiOperation({
    operationId: 'rejudges_apply',
    description:
      'For the staff of the course, when it is `ready`: the new results become those of the submissions. One that was given ' +
      'another result since the dry run began keeps that and is counted in `overtaken`; one that failed keeps what it had; ' +
      'a score that staff set stays. A large batch may still be `applying` in the answer, and goes on by itself. The second ' +
      'time the same. 409 `rejudge_not_ready`, `rejudge_discarded` or `not_a_dry_run`.',
  })
  @ApiAcceptedResponse({ type: RejudgeDto, description: 'It is applied, or being applied.' })
  @Problems(401, 404, 409)
  @HttpCode(202)
  @Post('rejudges/:rejudgeId/apply')
  apply(@CurrentUser() user: Principal, @Param('rejudgeId', IdPipe) rejudgeId: string): Promise<RejudgeDto> {
    return this.decisions.apply(user, rejudgeId);
  }

  /** Discard a dry run */
  @ApiOperation({
    operationId: 'rejudges_discard',
    description:
      'For the staff of the course: what waits or is being graded ends, and no result of it is shown any more. The second ' +
      'time the same. 409 `rejudge_applied` or `not_a_dry_run`.',
  })
  @ApiAcceptedResponse({ type: RejudgeDto, description: 'It is discarded, or being discarded.' })
  @Problems(401, 404, 409)
  @HttpCode(202)
  @Post('rejudges/:rejudgeId/discard')
  discard(@CurrentUser() user: Principal, @Param('rejudgeId', IdPipe) rejudgeId: string): Promise<RejudgeDto> {
    return this.decisions.discard(user, rejudgeId);
  }
}
