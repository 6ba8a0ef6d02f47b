import { Body, Controller, Get, Param, Post, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CountedAs } from '../auth/counted-as.decorator.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { FileBody } from '../http/files-body.interceptor.js';
import { Idempotent } from '../http/idempotent.interceptor.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { ImportPackageDto } from './dto/import-package.dto.js';
import { ImportedPackageDto } from './dto/imported-package.dto.js';
import { ExportService } from './export.service.js';
import { ImportService } from './import.service.js';

@ApiTags('Packages')
@ApiBearerAuth()
@Controller()
export class PackagesController {
  constructor(
    private readonly importing: ImportService,
    private readonly exporting: ExportService,
  ) {}

  /** Import a package */
  @ApiOperation({
    operationId: 'packages_import',
    description:
      "For instructors of the course and administrators. Takes Assay's own package, a Kattis problem package, the tests of " +
      'GitHub Classroom, or a Gradescope autograder, and makes a draft of it. What has no counterpart is a warning that names ' +
      'it; what would be graded wrongly is refused with 422 `invalid_package`, whose pointers lead through `/file` to the file ' +
      'of the package, and nothing is made. Model submissions of the package are graded at once, in the background.',
  })
  @ApiCreatedResponse({ type: ImportedPackageDto, description: 'The new assignment, with what to know of it.' })
  @Idempotent()
  @FileBody(
    {
      format: {
        type: 'string',
        enum: ['assay', 'kattis', 'github-classroom', 'gradescope'],
        description: 'What kind of package it is.',
      },
      runtime: { type: 'string', description: 'Key of the runtime, or several with commas between them.' },
      verify: {
        type: 'string',
        enum: ['true', 'false'],
        description: '`false`: its model submissions are not tried now.',
      },
    },
    ['format'],
  )
  @Problems(400, 401, 403, 404, 409, 413, 415, 422, 503, 507)
  @CountedAs('costly')
  @Post('courses/:courseId/assignments/import')
  import(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Body() dto: ImportPackageDto,
  ): Promise<ImportedPackageDto> {
    return this.importing.import(user, courseId, dto);
  }

  /** Export an assignment */
  @ApiOperation({
    operationId: 'packages_export',
    description:
      "For the staff of the course: a `.zip` of Assay's own package with everything that the assignment is, hidden tests and " +
      'model submissions too. Imported, it is the same assignment again.',
  })
  @ApiOkResponse({
    description: 'The package.',
    content: { 'application/zip': { schema: { type: 'string', format: 'binary' } } },
  })
  @Problems(401, 403, 404, 503)
  @CountedAs('costly')
  @Get('assignments/:assignmentId/export')
  export(@CurrentUser() user: Principal, @Param('assignmentId', IdPipe) assignmentId: string): Promise<StreamableFile> {
    return this.exporting.export(user, assignmentId);
  }
}
