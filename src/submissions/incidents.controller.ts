import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { IncidentPageDto } from './dto/incident-page.dto.js';
import { IncidentsService } from './incidents.service.js';

@ApiTags('Submissions')
@ApiBearerAuth()
@Controller('courses/:courseId/incidents')
export class IncidentsController {
  constructor(private readonly incidents: IncidentsService) {}

  /** List what could not be graded */
  @ApiOperation({
    operationId: 'incidents_list',
    description:
      'For the staff of the course: submissions whose last grading Assay gave up after three tries, newest first, with what ' +
      'went wrong. No attempt was spent, and a former result stays. Grade them again (`…/rejudge`) once the cause is gone; ' +
      'what was graded since is listed no more.',
  })
  @Problems(401, 403, 404, 422)
  @Get()
  list(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Query() query: ListQueryDto,
  ): Promise<IncidentPageDto> {
    return this.incidents.list(user, courseId, query);
  }
}
