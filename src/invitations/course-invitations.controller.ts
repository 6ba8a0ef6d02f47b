import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Idempotent } from '../http/idempotent.interceptor.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { InvitationOutcomesDto } from './dto/invitation-outcomes.dto.js';
import { InvitationPageDto } from './dto/invitation-page.dto.js';
import { InviteToCourseDto } from './dto/invite-to-course.dto.js';
import { InviteService } from './invite.service.js';

@ApiTags('Invitations')
@ApiBearerAuth()
@Controller('courses/:courseId/invitations')
export class CourseInvitationsController {
  constructor(private readonly invitations: InviteService) {}

  /** Invite people into a course */
  @ApiOperation({
    operationId: 'invitations_inviteToCourse',
    description:
      'For instructors of the course and administrators. Each address gets a mail with a link that works once and for 14 days. ' +
      'Inviting again replaces the earlier invitation. 503 `mail_not_set_up` where the server sends no mails.',
  })
  @Idempotent()
  @ApiOkResponse({ type: InvitationOutcomesDto, description: 'What came of each address.' })
  @Problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
  @HttpCode(200)
  @Post()
  invite(
    @CurrentUser() asker: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Body() dto: InviteToCourseDto,
  ): Promise<InvitationOutcomesDto> {
    return this.invitations.inviteToCourse(asker, courseId, dto);
  }

  /** List the invitations into a course */
  @ApiOperation({
    operationId: 'invitations_listOfCourse',
    description: 'For instructors of the course and administrators. Those that ended over 30 days ago are forgotten.',
  })
  @ApiOkResponse({ type: InvitationPageDto, description: 'One page of invitations.' })
  @Problems(401, 403, 404, 422)
  @Get()
  list(
    @CurrentUser() asker: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Query() query: ListQueryDto,
  ): Promise<InvitationPageDto> {
    return this.invitations.listOfCourse(asker, courseId, query);
  }

  /** Take an invitation into a course back */
  @ApiOperation({
    operationId: 'invitations_revokeOfCourse',
    description: 'For instructors of the course and administrators. Whoever has accepted it stays in the course.',
  })
  @ApiNoContentResponse({ description: 'Its link does not work any more.' })
  @Problems(401, 403, 404)
  @HttpCode(204)
  @Delete(':invitationId')
  revoke(
    @CurrentUser() asker: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Param('invitationId', IdPipe) invitationId: string,
  ): Promise<void> {
    return this.invitations.revokeOfCourse(asker, courseId, invitationId);
  }
}
