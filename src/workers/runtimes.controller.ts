import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems } from '../http/problem-responses.decorator.js';
import { RuntimeListDto } from './dto/runtime-list.dto.js';
import { RuntimesService } from './runtimes.service.js';

@ApiTags('Runtimes')
@ApiBearerAuth()
@Controller('runtimes')
export class RuntimesController {
  constructor(private readonly runtimes: RuntimesService) {}

  /** What can be graded here */
  @ApiOperation({
    operationId: 'runtimes_list',
    description:
      'The languages that submissions may be written in and the services that may run beside them, each with the version that ' +
      'the workers run, and what their ' +
      'sandbox holds submissions to. A language or a service is available when any worker has it; of what sandboxes hold, only what all ' +
      'of them hold is told. A worker that was not heard of for 30 seconds does not count; without any, nothing is ' +
      'available. Submissions are accepted all the same, and graded when a worker is back.',
  })
  @Problems(401)
  @Get()
  list(): Promise<RuntimeListDto> {
    return this.runtimes.list();
  }
}
