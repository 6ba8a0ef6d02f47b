import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Idempotent } from '../http/idempotent.interceptor.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { EnrolDto } from './dto/enrol.dto.js';
import { EnrolmentDto } from './dto/enrolment.dto.js';
import { EnrolService } from './enrol.service.js';

@ApiTags('Courses')
@ApiBearerAuth()
@Controller('courses/:courseId/enrol')
export class EnrolController {
  constructor(private readonly enrolling: EnrolService) {}

  /** Enrol in a course */
  @ApiOperation({
    operationId: 'courses_enrol',
    description:
      'Makes the caller a student of a published course that is `open`, or asks for a code and gets the right one (else ' +
      '422 `wrong_code`). Courses that staff or a payment lets people into answer 403 `enrolment_closed`.',
  })
  @ApiOkResponse({ type: EnrolmentDto, description: 'The caller was in the course already, in whatever role.' })
  @Idempotent()
  @ApiCreatedResponse({ type: EnrolmentDto, description: 'The caller is in the course now.' })
  @Problems(400, 401, 403, 404, 409, 413, 415, 422)
  @Post()
  enrol(
    @CurrentUser() user: Principal,
    @Param('courseId', IdPipe) courseId: string,
    @Body() dto: EnrolDto,
  ): Promise<EnrolmentDto> {
    return this.enrolling.enrol(user, courseId, dto);
  }
}
