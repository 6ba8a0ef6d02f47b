import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../auth/public.decorator.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { LivenessDto } from './dto/liveness.dto.js';
import { ReadinessDto } from './dto/readiness.dto.js';
import { HealthService } from './health.service.js';

@ApiTags('Operations')
@Controller('health')
export class HealthController {
  constructor(private readonly health: HealthService) {}

  /** Is it up */
  @ApiOperation({
    operationId: 'health_live',
    description: 'Looks at nothing but the process itself: where this fails, restart it. Open to everyone.',
  })
  @Public()
  @Get('live')
  live(): LivenessDto {
    return this.health.live();
  }

  /** Is it ready */
  @ApiOperation({
    operationId: 'health_ready',
    description:
      'Whether requests should be sent here: the database answers, its schema is up to date, and, where this process ' +
      'grades, there is a sandbox. Redis is told but not needed: submissions are accepted without it. Open to everyone.',
  })
  @Problems(503)
  @Public()
  @Get('ready')
  ready(): Promise<ReadinessDto> {
    return this.health.ready();
  }
}
