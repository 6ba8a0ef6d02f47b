import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Roles } from '../auth/roles.decorator.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { WorkerPageDto } from './dto/worker-page.dto.js';
import { WorkerDto } from './dto/worker.dto.js';
import { WorkersService } from './workers.service.js';

const FOLLOWS = 'The worker follows within two seconds; `state` says when it has. Harmless the second time.';

@ApiTags('Workers')
@ApiBearerAuth()
@Roles('admin')
@Controller('workers')
export class WorkersController {
  constructor(private readonly workers: WorkersService) {}

  /** List workers */
  @ApiOperation({
    operationId: 'workers_list',
    description:
      'For administrators: the processes that grade, what each does and since when, the one that started last first. Those ' +
      'that died are listed as `lost` for an hour.',
  })
  @Problems(401, 403, 422)
  @Get()
  list(@Query() query: ListQueryDto): Promise<WorkerPageDto> {
    return this.workers.list(query);
  }

  /** Get a worker */
  @ApiOperation({ operationId: 'workers_get', description: 'For administrators.' })
  @Problems(401, 403, 404)
  @Get(':id')
  get(@Param('id', IdPipe) id: string): Promise<WorkerDto> {
    return this.workers.get(id);
  }

  /** Pause a worker */
  @ApiOperation({
    operationId: 'workers_pause',
    description:
      'For administrators: it takes no new submission until `resume`, and ends those that it grades. It stays ready. One with ' +
      `a \`WORKER_NAME\` is still paused after a restart; for others the pause ends with the process. ${FOLLOWS}`,
  })
  @ApiAcceptedResponse({ type: WorkerDto, description: 'Noted. The worker as it last told of itself.' })
  @Problems(401, 403, 404)
  @HttpCode(202)
  @Post(':id/pause')
  pause(@Param('id', IdPipe) id: string, @CurrentUser() user: Principal): Promise<WorkerDto> {
    return this.workers.steer(id, 'pause', user);
  }

  /** Drain a worker */
  @ApiOperation({
    operationId: 'workers_drain',
    description:
      'For administrators, before a process is stopped for good: it takes no new submission, ends those that it grades, and ' +
      'is not ready any more, so that whoever runs it notices. Once `drained` it may be stopped. A process that starts in ' +
      `its place grades. ${FOLLOWS}`,
  })
  @ApiAcceptedResponse({ type: WorkerDto, description: 'Noted. The worker as it last told of itself.' })
  @Problems(401, 403, 404)
  @HttpCode(202)
  @Post(':id/drain')
  drain(@Param('id', IdPipe) id: string, @CurrentUser() user: Principal): Promise<WorkerDto> {
    return this.workers.steer(id, 'drain', user);
  }

  /** Let a worker grade again */
  @ApiOperation({
    operationId: 'workers_resume',
    description: `For administrators: takes back \`pause\` and \`drain\`. ${FOLLOWS}`,
  })
  @ApiAcceptedResponse({ type: WorkerDto, description: 'Noted. The worker as it last told of itself.' })
  @Problems(401, 403, 404)
  @HttpCode(202)
  @Post(':id/resume')
  resume(@Param('id', IdPipe) id: string, @CurrentUser() user: Principal): Promise<WorkerDto> {
    return this.workers.steer(id, 'run', user);
  }
}
