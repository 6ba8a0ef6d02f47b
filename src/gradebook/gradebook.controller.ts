import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { CountedAs } from '../auth/counted-as.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { GradebookDto } from './dto/gradebook.dto.js';
import { GradebookService } from './gradebook.service.js';

@ApiTags('Gradebook')
@ApiBearerAuth()
@Controller('courses/:courseId')
export class GradebookController {
  constructor(private readonly gradebook: GradebookService) {}

  /** Get the gradebook of a course */
  @ApiOperation({
    operationId: 'gradebook_get',
    description:
      'Students by published assignments. Of each assignment the attempt counts that its rule says, after its late policy; ' +
      'a score that staff set counts as it is. Staff get all students, in the order in which they came into the course; ' +
      'students get their own row only.',
  })
  @ApiOkResponse({ type: GradebookDto, description: 'One page of rows, with all columns.' })
  @Problems(401, 403, 404, 422)
  @Get('gradebook')
  page(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Query() query: ListQueryDto,
  ): Promise<GradebookDto> {
    return this.gradebook.page(user, courseId, query);
  }

  /** Download the gradebook of a course as CSV */
  @ApiOperation({
    operationId: 'gradebook_getCsv',
    description:
      'For the staff of the course: all students, by name, as CSV (RFC 4180) in UTF-8 with a byte order mark. A text that ' +
      'a spreadsheet might take for a formula has an apostrophe before it.',
  })
  @ApiProduces('text/csv')
  @ApiOkResponse({
    description: 'The file.',
    content: {
      'text/csv': {
        schema: { type: 'string' },
        example: '"Student ID","Name","E-mail","A cache that forgets (lru-cache)","Total","Out of"\r\n',
      },
    },
  })
  @Problems(401, 403, 404)
  @CountedAs('costly')
  @Get('gradebook.csv')
  csv(@CurrentUser() user: Principal, @Param('courseId', IdPipe) courseId: string): Promise<StreamableFile> {
    return this.gradebook.csv(user, courseId);
  }
}
