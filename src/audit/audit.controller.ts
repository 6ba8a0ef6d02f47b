import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Roles } from '../auth/roles.decorator.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { AuditService } from './audit.service.js';
import { AuditPageDto } from './dto/audit-page.dto.js';
import { AuditFilterDto } from './dto/list-audit.dto.js';

@ApiTags('Audit')
@ApiBearerAuth()
@Roles('admin')
@Controller('audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  /** List audit entries */
  @ApiOperation({
    operationId: 'audit_list',
    description:
      'For administrators: who did what to what, when and from where, newest first. Entries are only ever added, each with a ' +
      'hash over the one before; `npm run audit:verify` tells whether all are there and as they were written.',
  })
  @ApiOkResponse({ type: AuditPageDto, description: 'One page of entries.' })
  @Problems(401, 403, 422)
  @Get()
  list(@Query() filter: AuditFilterDto): Promise<AuditPageDto> {
    return this.audit.list(filter);
  }

  /** Export audit entries */
  @ApiOperation({
    operationId: 'audit_export',
    description:
      'For administrators: all entries that match, the oldest first, each as a line of JSON (NDJSON), as in the list. ' +
      '`limit` and `cursor` have no meaning here. The export is an entry itself.',
  })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({
    description: 'The entries.',
    content: { 'application/x-ndjson': { schema: { type: 'string' } } },
  })
  @Problems(401, 403, 422)
  @Get('export')
  async export(@CurrentUser() user: Principal, @Query() filter: AuditFilterDto): Promise<StreamableFile> {
    return new StreamableFile(await this.audit.export(user, filter), {
      type: 'application/x-ndjson',
      disposition: 'attachment; filename="audit.ndjson"',
    });
  }
}
