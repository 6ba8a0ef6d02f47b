import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CountedAs } from '../auth/counted-as.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Idempotent } from '../http/idempotent.interceptor.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { VerificationPageDto } from './dto/verification-page.dto.js';
import { VerificationDto } from './dto/verification.dto.js';
import { VerificationsService } from './verifications.service.js';

@ApiTags('Packages')
@ApiBearerAuth()
@Controller()
export class VerificationsController {
  constructor(private readonly verifications: VerificationsService) {}

  /** Verify an assignment */
  @ApiOperation({
    operationId: 'verifications_create',
    description:
      'For the staff of the course: grades the model submissions that came with the package by the present grading document, ' +
      'and compares verdict and score with what each is meant to get. They wait behind the work of students, and are in no ' +
      'list and no gradebook. 409 `no_model_submissions`, or `verification_in_progress` while another is under way.',
  })
  @ApiAcceptedResponse({ type: VerificationDto, description: 'They will be graded; poll the `Location`.' })
  @Idempotent()
  @Problems(401, 403, 404, 409, 422)
  @HttpCode(202)
  @CountedAs('costly')
  @Post('assignments/:assignmentId/verify')
  verify(
    @CurrentUser() user: Principal,
    @Param('assignmentId', IdPipe) assignmentId: string,
  ): Promise<VerificationDto> {
    return this.verifications.verify(user, assignmentId);
  }

  /** List the verifications of an assignment */
  @ApiOperation({ operationId: 'verifications_list', description: 'For the staff of the course; newest first.' })
  @Problems(401, 403, 404, 422)
  @Get('assignments/:assignmentId/verifications')
  list(
    @CurrentUser() user: Principal,
    @Param('assignmentId', IdPipe) assignmentId: string,
    @Query() query: ListQueryDto,
  ): Promise<VerificationPageDto> {
    return this.verifications.list(user, assignmentId, query);
  }

  /** Get a verification */
  @ApiOperation({
    operationId: 'verifications_get',
    description:
      'For the staff of the course: how far it is, and of each model submission what it should get and what it got.',
  })
  @Problems(401, 404)
  @Get('verifications/:verificationId')
  get(
    @CurrentUser() user: Principal,
    @Param('verificationId', IdPipe) verificationId: string,
  ): Promise<VerificationDto> {
    return this.verifications.get(user, verificationId);
  }
}
