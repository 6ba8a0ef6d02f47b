import { Controller, Get, Header, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '../auth/public.decorator.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { MetricsService } from './metrics.service.js';

@ApiTags('Operations')
@ApiBearerAuth()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  /** Metrics of this process */
  @ApiOperation({
    operationId: 'metrics_read',
    description:
      "In Prometheus' text format. For programs on the same machine, and for administrators. A worker that runs apart has " +
      'its own on `WORKER_HEALTH_PORT`.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string', example: 'assay_queue_waiting 0' } })
  @Problems(401, 403)
  // Not public: the service decides by more than a token.
  @Public()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Get()
  read(@Req() request: FastifyRequest): Promise<string> {
    return this.metrics.read(request);
  }
}
