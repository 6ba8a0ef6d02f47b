import { Body, Controller, Get, HttpCode, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBearerAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Scope } from '../auth/scope.decorator.js';
import { FilesBody } from '../http/files-body.interceptor.js';
import { Idempotent } from '../http/idempotent.interceptor.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { WildcardPath } from '../http/wildcard-path.decorator.js';
import { CancelService } from './cancel.service.js';
import { GradingRunPageDto } from './dto/grading-run-page.dto.js';
import { ListSubmissionsDto } from './dto/list-submissions.dto.js';
import { SubmissionFileListDto } from './dto/submission-file.dto.js';
import { SubmissionPageDto } from './dto/submission-page.dto.js';
import { SubmissionDto } from './dto/submission.dto.js';
import { SubmitDto } from './dto/submit.dto.js';
import { SubmissionFilesService } from './submission-files.service.js';
import { SubmissionsService } from './submissions.service.js';
import { SubmitService } from './submit.service.js';

const BYTES = { schema: { type: 'string' as const, format: 'binary' } };

@ApiTags('Submissions')
@ApiBearerAuth()
@Controller()
export class SubmissionsController {
  constructor(
    private readonly submissions: SubmissionsService,
    private readonly submitting: SubmitService,
    private readonly files: SubmissionFilesService,
    private readonly cancelling: CancelService,
  ) {}

  /** Hand in work */
  @ApiOperation({
    operationId: 'submissions_submit',
    description:
      'For members of the course. Takes JSON, or a form whose `files` parts have their relative path as file name; a single ' +
      '`.zip` or `.tar.gz` is unpacked as it is. At most 10 MiB as sent, and 500 files with 50 MiB unpacked. The work is ' +
      'graded in the background: poll the `Location`, or follow its `/events`, until it is `graded`, `failed` or ' +
      "`cancelled`. Refused with 409 `not_open`, `closed` or `attempts_exhausted`, by the database's clock, and with 422 " +
      '`invalid_files`, `missing_required_file`, `runtime_required` or `runtime_not_allowed`; with 429 `too_many_pending` ' +
      'while too many of theirs in the course are not graded yet. Where the assignment `supersedes`, older ones that still ' +
      'wait are cancelled. Staff hand in without limit; theirs count in no gradebook.',
  })
  @ApiAcceptedResponse({ type: SubmissionDto, description: 'Taken in; it will be graded.' })
  @Idempotent()
  @FilesBody({ runtime: { type: 'string', description: 'The runtime, where the assignment lets students choose.' } })
  @Problems(400, 401, 404, 409, 413, 415, 422, 429, 503, 507)
  @HttpCode(202)
  @Scope('submit')
  @Post('assignments/:assignmentId/submissions')
  submit(
    @CurrentUser() user: Principal,
    @Param('assignmentId', IdPipe) assignmentId: string,
    @Body() dto: SubmitDto,
  ): Promise<SubmissionDto> {
    return this.submitting.submit(user, assignmentId, dto);
  }

  /** List submissions to an assignment */
  @ApiOperation({
    operationId: 'submissions_list',
    description: 'All for the staff of the course, their own for students; newest first, without their tests.',
  })
  @Problems(401, 404, 422)
  @Get('assignments/:assignmentId/submissions')
  list(
    @CurrentUser() user: Principal,
    @Param('assignmentId', IdPipe) assignmentId: string,
    @Query() query: ListSubmissionsDto,
  ): Promise<SubmissionPageDto> {
    return this.submissions.list(user, assignmentId, query);
  }

  /** Get a submission */
  @ApiOperation({
    operationId: 'submissions_get',
    description:
      'For whoever handed it in, and the staff of the course. Students see of hidden tests name, kind, verdict and points, ' +
      'and nothing of secret ones; `after-due` tests open when the assignment is due. `queue` tells where it stands while it waits.',
  })
  @Problems(401, 404)
  @Get('submissions/:submissionId')
  get(@CurrentUser() user: Principal, @Param('submissionId', IdPipe) submissionId: string): Promise<SubmissionDto> {
    return this.submissions.get(user, submissionId);
  }

  /** List the grading runs of a submission */
  @ApiOperation({
    operationId: 'submissions_listRuns',
    description: 'Each attempt to grade it, newest first. Former results stay readable here.',
  })
  @Problems(401, 404, 422)
  @Get('submissions/:submissionId/runs')
  listRuns(
    @CurrentUser() user: Principal,
    @Param('submissionId', IdPipe) submissionId: string,
    @Query() query: ListQueryDto,
  ): Promise<GradingRunPageDto> {
    return this.submissions.listRuns(user, submissionId, query);
  }

  /** List the files of a submission */
  @ApiOperation({
    operationId: 'submissions_listFiles',
    description: 'All of them on one page, in order of their paths.',
  })
  @Problems(401, 404, 503)
  @Get('submissions/:submissionId/files')
  listFiles(
    @CurrentUser() user: Principal,
    @Param('submissionId', IdPipe) submissionId: string,
  ): Promise<SubmissionFileListDto> {
    return this.files.list(user, submissionId);
  }

  /** Get one file of a submission */
  @ApiOperation({
    operationId: 'submissions_getFile',
    description:
      'Byte for byte as it was handed in, as `text/plain` or `application/octet-stream`, to be saved and not shown.',
  })
  @ApiParam({
    name: 'path',
    type: String,
    description: 'Path of the file as in the list; slashes need no escape.',
    example: 'src/main.py',
  })
  @ApiOkResponse({
    description: 'The content of the file.',
    content: { 'text/plain': { schema: { type: 'string' } }, 'application/octet-stream': BYTES },
  })
  @Problems(401, 404, 503)
  @Get('submissions/:submissionId/files/*')
  getFile(
    @CurrentUser() user: Principal,
    @Param('submissionId', IdPipe) submissionId: string,
    @WildcardPath() path: string,
  ): Promise<StreamableFile> {
    return this.files.get(user, submissionId, path);
  }

  /** Cancel the grading of a submission */
  @ApiOperation({
    operationId: 'submissions_cancel',
    description:
      'For whoever handed it in, and the staff of the course, while it waits or is being graded; then 409 ' +
      '`already_finished`. No attempt is spent by one that was still waiting. Where it was being graded again, which only staff may stop, it keeps its ' +
      'former result.',
  })
  @Problems(401, 403, 404, 409)
  @HttpCode(200)
  @Scope('submit')
  @Post('submissions/:submissionId/cancel')
  cancel(@CurrentUser() user: Principal, @Param('submissionId', IdPipe) submissionId: string): Promise<SubmissionDto> {
    return this.cancelling.cancel(user, submissionId);
  }
}
