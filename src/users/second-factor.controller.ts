import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Roles } from '../auth/roles.decorator.js';
import { Scope } from '../auth/scope.decorator.js';
import { Unverified } from '../auth/unverified.decorator.js';
import { type Client, ThisClient } from '../http/client.decorator.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { CurrentPasswordDto } from './dto/current-password.dto.js';
import { NewSecondFactorDto } from './dto/new-second-factor.dto.js';
import { RecoveryCodesDto } from './dto/recovery-codes.dto.js';
import { SecondFactorCodeDto } from './dto/second-factor-code.dto.js';
import { SecondFactorDto } from './dto/second-factor.dto.js';
import { SecondFactorProofDto } from './dto/second-factor-proof.dto.js';
import { SecondFactorService } from './second-factor.service.js';

@ApiTags('Accounts')
@ApiBearerAuth()
@Unverified()
@Controller('users')
export class SecondFactorController {
  constructor(private readonly factor: SecondFactorService) {}

  /** Whether I sign in with a second factor */
  @ApiOperation({
    operationId: 'secondFactor_get',
    description: 'How it stands, and how many recovery codes are left.',
  })
  @ApiOkResponse({ type: SecondFactorDto, description: 'How it stands.' })
  @Problems(401, 403)
  @Scope('session')
  @Get('me/second-factor')
  get(@CurrentUser() asker: Principal): Promise<SecondFactorDto> {
    return this.factor.show(asker.userId);
  }

  /** Begin with a second factor */
  @ApiOperation({
    operationId: 'secondFactor_begin',
    description: 'Gives a secret for an authenticator program (RFC 6238). It counts once it is confirmed with a code.',
  })
  @ApiOkResponse({ type: NewSecondFactorDto, description: 'The secret.' })
  @Problems(400, 401, 403, 409, 413, 415, 422, 429, 503)
  @Scope('session')
  @HttpCode(200)
  @Post('me/second-factor')
  begin(
    @CurrentUser() asker: Principal,
    @Body() { currentPassword }: CurrentPasswordDto,
    @ThisClient() client: Client,
  ): Promise<NewSecondFactorDto> {
    return this.factor.begin(asker.userId, currentPassword, client);
  }

  /** Switch the second factor on */
  @ApiOperation({
    operationId: 'secondFactor_confirm',
    description: 'With a code that the program shows now (`code_wrong`). Gives ten recovery codes. Sessions go on.',
  })
  @ApiOkResponse({ type: RecoveryCodesDto, description: 'It is on.' })
  @Problems(400, 401, 403, 409, 413, 415, 422, 429)
  @Scope('session')
  @HttpCode(200)
  @Post('me/second-factor/confirm')
  confirm(
    @CurrentUser() asker: Principal,
    @Body() { code }: SecondFactorCodeDto,
    @ThisClient() client: Client,
  ): Promise<RecoveryCodesDto> {
    return this.factor.confirm(asker.userId, code, client);
  }

  /** Make new recovery codes */
  @ApiOperation({ operationId: 'secondFactor_renewCodes', description: 'Needs the password and a code.' })
  @ApiOkResponse({ type: RecoveryCodesDto, description: 'The new ones; those of before do not work any more.' })
  @Problems(400, 401, 403, 409, 413, 415, 422, 429, 503)
  @Scope('session')
  @HttpCode(200)
  @Post('me/second-factor/recovery-codes')
  renewCodes(
    @CurrentUser() asker: Principal,
    @Body() proof: SecondFactorProofDto,
    @ThisClient() client: Client,
  ): Promise<RecoveryCodesDto> {
    return this.factor.renewCodes(asker.userId, proof, client);
  }

  /** Switch the second factor off */
  @ApiOperation({ operationId: 'secondFactor_disable', description: 'Needs the password and a code.' })
  @ApiNoContentResponse({ description: 'It is off, and its recovery codes are gone.' })
  @Problems(400, 401, 403, 409, 413, 415, 422, 429, 503)
  @Scope('session')
  @HttpCode(204)
  @Post('me/second-factor/disable')
  disable(
    @CurrentUser() asker: Principal,
    @Body() proof: SecondFactorProofDto,
    @ThisClient() client: Client,
  ): Promise<void> {
    return this.factor.disable(asker.userId, proof, client);
  }

  /** Switch the second factor of a user off */
  @ApiOperation({
    operationId: 'secondFactor_reset',
    description: 'For administrators, where somebody has lost program and recovery codes. Its owner is told by mail.',
  })
  @ApiNoContentResponse({ description: 'It is off.' })
  @Problems(401, 403, 404)
  @Roles('admin')
  @HttpCode(204)
  @Delete(':userId/second-factor')
  reset(@CurrentUser() asker: Principal, @Param('userId', IdPipe) userId: string): Promise<void> {
    return this.factor.reset(asker, userId);
  }
}
