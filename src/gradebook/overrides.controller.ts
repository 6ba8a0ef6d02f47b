import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { type ExpectedVersions, IfMatch } from '../http/entity-tag.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { OverridePageDto } from './dto/override-page.dto.js';
import { OverrideDto } from './dto/override.dto.js';
import { SetOverrideDto } from './dto/set-override.dto.js';
import { OverridesService } from './overrides.service.js';

@ApiTags('Gradebook')
@ApiBearerAuth()
@Controller('submissions/:submissionId')
export class OverridesController {
  constructor(private readonly overrides: OverridesService) {}

  /** Set the score of a submission */
  @ApiOperation({
    operationId: 'overrides_set',
    description:
      'For the staff of the course. The score counts in the gradebook in place of the computed one, which is kept, and the ' +
      'late policy is not applied to it. `ETag` and `If-Match` are those of the submission.',
  })
  @ApiOkResponse({ type: OverrideDto, description: 'The score that counts now.' })
  @Problems(400, 401, 403, 404, 409, 412, 413, 415, 422)
  @Put('override')
  set(
    @CurrentUser() user: Principal,
    @Param('submissionId', IdPipe) submissionId: string,
    @Body() dto: SetOverrideDto,
    @IfMatch() expected: ExpectedVersions,
  ): Promise<OverrideDto> {
    return this.overrides.set(user, submissionId, dto, expected);
  }

  /** Let the computed score of a submission count again */
  @ApiOperation({
    operationId: 'overrides_withdraw',
    description: 'For the staff of the course. What was set stays on record; 404 where nothing is set.',
  })
  @ApiNoContentResponse({ description: 'The computed score counts.' })
  @Problems(401, 403, 404, 409, 412)
  @HttpCode(204)
  @Delete('override')
  withdraw(
    @CurrentUser() user: Principal,
    @Param('submissionId', IdPipe) submissionId: string,
    @IfMatch() expected: ExpectedVersions,
  ): Promise<void> {
    return this.overrides.withdraw(user, submissionId, expected);
  }

  /** List the scores that staff set for a submission */
  @ApiOperation({
    operationId: 'overrides_list',
    description: 'For the staff of the course. Newest first; the newest that was not withdrawn counts.',
  })
  @ApiOkResponse({ type: OverridePageDto, description: 'One page of entries.' })
  @Problems(401, 403, 404, 422)
  @Get('overrides')
  list(
    @CurrentUser() user: Principal,
    @Param('submissionId', IdPipe) submissionId: string,
    @Query() query: ListQueryDto,
  ): Promise<OverridePageDto> {
    return this.overrides.list(user, submissionId, query);
  }
}
