import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { type ExpectedVersions, IfMatch } from '../http/entity-tag.js';
import { Idempotent } from '../http/idempotent.interceptor.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { AssignmentLists } from './assignment-lists.service.js';
import { AssignmentsService } from './assignments.service.js';
import { AssignmentPageDto } from './dto/assignment-page.dto.js';
import { AssignmentDto } from './dto/assignment.dto.js';
import { CreateAssignmentDto } from './dto/create-assignment.dto.js';
import { ListAssignmentsDto } from './dto/list-assignments.dto.js';
import { UpdateAssignmentQueryDto } from './dto/update-assignment-query.dto.js';
import { UpdateAssignmentDto } from './dto/update-assignment.dto.js';

@ApiTags('Assignments')
@ApiBearerAuth()
@Controller()
export class AssignmentsController {
  constructor(
    private readonly assignments: AssignmentsService,
    private readonly lists: AssignmentLists,
  ) {}

  /** List the assignments of a course */
  @ApiOperation({
    operationId: 'assignments_list',
    description: 'For members of the course; students get the published ones. Newest first.',
  })
  @ApiOkResponse({ type: AssignmentPageDto, description: 'One page of assignments.' })
  @Problems(401, 403, 404, 422)
  @Get('courses/:courseId/assignments')
  list(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Query() query: ListAssignmentsDto,
  ): Promise<AssignmentPageDto> {
    return this.lists.list(user, courseId, query);
  }

  /** Create an assignment */
  @ApiOperation({
    operationId: 'assignments_create',
    description:
      'For instructors of the course and administrators. Faults of the grading document are reported below `/grading`.',
  })
  @Idempotent()
  @ApiCreatedResponse({ type: AssignmentDto, description: 'The new assignment; `Location` says where it is.' })
  @Problems(400, 401, 403, 404, 409, 413, 415, 422)
  @Post('courses/:courseId/assignments')
  create(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Body() dto: CreateAssignmentDto,
  ): Promise<AssignmentDto> {
    return this.assignments.create(user, courseId, dto);
  }

  /** Get an assignment */
  @ApiOperation({
    operationId: 'assignments_get',
    description: 'For members of the course; drafts and archived ones for its staff.',
  })
  @ApiOkResponse({ type: AssignmentDto, description: 'The assignment.' })
  @Problems(401, 404)
  @Get('assignments/:assignmentId')
  get(@CurrentUser() user: Principal, @Param('assignmentId', IdPipe) assignmentId: string): Promise<AssignmentDto> {
    return this.assignments.get(user, assignmentId);
  }

  /** Change an assignment */
  @ApiOperation({
    operationId: 'assignments_update',
    description:
      'For instructors of the course and administrators. A merge patch (RFC 7396): what is left out stays, in `grading` ' +
      'and `latePolicy` too. A change of `grading` makes a new version; what was graded stays graded by the one before. ' +
      'An assignment with model submissions is published when they have proved its grading (`POST …/verify`); before, that ' +
      'is 409 `not_proven`, unless `unproven` says that it shall be.',
  })
  @ApiOkResponse({ type: AssignmentDto, description: 'The assignment as changed.' })
  @Problems(400, 401, 403, 404, 409, 412, 413, 415, 422)
  @Patch('assignments/:assignmentId')
  update(
    @CurrentUser() user: Principal,
    @Param('assignmentId', IdPipe) assignmentId: string,
    @Body() dto: UpdateAssignmentDto,
    @Query() { unproven }: UpdateAssignmentQueryDto,
    @IfMatch() expected: ExpectedVersions,
  ): Promise<AssignmentDto> {
    return this.assignments.update(user, assignmentId, dto, expected, unproven === true);
  }

  /** Archive an assignment */
  @ApiOperation({
    operationId: 'assignments_archive',
    description:
      'For instructors of the course and administrators. Nothing is lost: staff still see it, and PATCH of `status` brings ' +
      'it back. The gradebook leaves it out meanwhile.',
  })
  @ApiNoContentResponse({ description: 'It is archived.' })
  @Problems(401, 403, 404, 409, 412)
  @HttpCode(204)
  @Delete('assignments/:assignmentId')
  archive(
    @CurrentUser() user: Principal,
    @Param('assignmentId', IdPipe) assignmentId: string,
    @IfMatch() expected: ExpectedVersions,
  ): Promise<void> {
    return this.assignments.archive(user, assignmentId, expected);
  }
}
