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
import { Roles } from '../auth/roles.decorator.js';
import { type ExpectedVersions, IfMatch } from '../http/entity-tag.js';
import { Idempotent } from '../http/idempotent.interceptor.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { CoursesService } from './courses.service.js';
import { CourseDto } from './dto/course.dto.js';
import { CoursePageDto } from './dto/course-page.dto.js';
import { CreateCourseDto } from './dto/create-course.dto.js';
import { ListCoursesDto } from './dto/list-courses.dto.js';
import { UpdateCourseDto } from './dto/update-course.dto.js';

@ApiTags('Courses')
@ApiBearerAuth()
@Controller('courses')
export class CoursesController {
  constructor(private readonly courses: CoursesService) {}

  /** List courses */
  @ApiOperation({
    operationId: 'courses_list',
    description:
      'Published courses, and those in which the caller has a part: drafts for staff, archived ones for all members. ' +
      'Administrators see all. Newest first.',
  })
  @ApiOkResponse({ type: CoursePageDto, description: 'One page of courses.' })
  @Problems(401, 422)
  @Get()
  list(@CurrentUser() user: Principal, @Query() query: ListCoursesDto): Promise<CoursePageDto> {
    return this.courses.list(user, query);
  }

  /** Create a course */
  @ApiOperation({
    operationId: 'courses_create',
    description: 'For administrators and instructors. Whoever makes the course is its first instructor.',
  })
  @Roles('admin', 'instructor')
  @Idempotent()
  @ApiCreatedResponse({ type: CourseDto, description: 'The new course; `Location` says where it is.' })
  @Problems(400, 401, 403, 409, 413, 415, 422)
  @Post()
  create(@CurrentUser() user: Principal, @Body() dto: CreateCourseDto): Promise<CourseDto> {
    return this.courses.create(user, dto);
  }

  /** Get a course */
  @ApiOperation({ operationId: 'courses_get', description: 'Drafts are shown to staff, archived courses to members.' })
  @ApiOkResponse({ type: CourseDto, description: 'The course.' })
  @Problems(401, 404)
  @Get(':courseId')
  get(@CurrentUser() user: Principal, @Param('courseId', IdPipe) courseId: string): Promise<CourseDto> {
    return this.courses.get(user, courseId);
  }

  /** Change a course */
  @ApiOperation({
    operationId: 'courses_update',
    description: 'For instructors of the course and administrators. A merge patch: what is left out stays.',
  })
  @ApiOkResponse({ type: CourseDto, description: 'The course as changed.' })
  @Problems(400, 401, 403, 404, 409, 412, 413, 415, 422)
  @Patch(':courseId')
  update(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Body() dto: UpdateCourseDto,
    @IfMatch() expected: ExpectedVersions,
  ): Promise<CourseDto> {
    return this.courses.update(user, courseId, dto, expected);
  }

  /** Archive a course */
  @ApiOperation({
    operationId: 'courses_archive',
    description:
      'For instructors of the course and administrators. Nothing is lost: members still see the course, and PATCH of ' +
      '`status` brings it back.',
  })
  @ApiNoContentResponse({ description: 'It is archived.' })
  @Problems(401, 403, 404, 409, 412)
  @HttpCode(204)
  @Delete(':courseId')
  archive(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @IfMatch() expected: ExpectedVersions,
  ): Promise<void> {
    return this.courses.archive(user, courseId, expected);
  }
}
