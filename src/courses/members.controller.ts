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
import { AddMemberDto } from './dto/add-member.dto.js';
import { ListMembersDto } from './dto/list-members.dto.js';
import { MemberPageDto } from './dto/member-page.dto.js';
import { MemberDto } from './dto/member.dto.js';
import { UpdateMemberDto } from './dto/update-member.dto.js';
import { MembersService } from './members.service.js';

@ApiTags('Courses')
@ApiBearerAuth()
@Controller('courses/:courseId/members')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  /** List the members of a course */
  @ApiOperation({ operationId: 'members_list', description: 'For the staff of the course. Who came last is first.' })
  @ApiOkResponse({ type: MemberPageDto, description: 'One page of members.' })
  @Problems(401, 403, 404, 422)
  @Get()
  list(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Query() query: ListMembersDto,
  ): Promise<MemberPageDto> {
    return this.members.list(user, courseId, query);
  }

  /** Add somebody to a course */
  @ApiOperation({
    operationId: 'members_add',
    description: 'For instructors of the course and administrators. Who is added must have an account.',
  })
  @Idempotent()
  @ApiCreatedResponse({ type: MemberDto, description: 'The new member; `Location` says where it is.' })
  @Problems(400, 401, 403, 404, 409, 413, 415, 422)
  @Post()
  add(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Body() dto: AddMemberDto,
  ): Promise<MemberDto> {
    return this.members.add(user, courseId, dto);
  }

  /** Get a member of a course */
  @ApiOperation({ operationId: 'members_get', description: 'For the staff of the course.' })
  @ApiOkResponse({ type: MemberDto, description: 'The member.' })
  @Problems(401, 403, 404)
  @Get(':userId')
  get(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Param('userId', IdPipe) userId: string,
  ): Promise<MemberDto> {
    return this.members.get(user, courseId, userId);
  }

  /** Change the role of a member */
  @ApiOperation({
    operationId: 'members_update',
    description:
      'For instructors of the course and administrators. The last instructor stays one: 409 `last_instructor`.',
  })
  @ApiOkResponse({ type: MemberDto, description: 'The member as changed.' })
  @Problems(400, 401, 403, 404, 409, 412, 413, 415, 422)
  @Patch(':userId')
  update(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Param('userId', IdPipe) userId: string,
    @Body() dto: UpdateMemberDto,
    @IfMatch() expected: ExpectedVersions,
  ): Promise<MemberDto> {
    return this.members.update(user, courseId, userId, dto, expected);
  }

  /** Take somebody out of a course */
  @ApiOperation({
    operationId: 'members_remove',
    description:
      'For instructors of the course and administrators. What they handed in stays, and counts again when they come back.',
  })
  @ApiNoContentResponse({ description: 'They are not in the course any more.' })
  @Problems(401, 403, 404, 409, 412)
  @HttpCode(204)
  @Delete(':userId')
  remove(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Param('userId', IdPipe) userId: string,
    @IfMatch() expected: ExpectedVersions,
  ): Promise<void> {
    return this.members.remove(user, courseId, userId, expected);
  }
}
