import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { Roles } from '../auth/roles.decorator.js';
import { Scope } from '../auth/scope.decorator.js';
import { ListQueryDto } from '../http/list-query.dto.js';
import { Problems } from '../http/problem-responses.decorator.js';
import { IdPipe } from '../http/uuid.pipe.js';
import { CreateTokenDto } from './dto/create-token.dto.js';
import { NewTokenDto } from './dto/new-token.dto.js';
import { TokenPageDto } from './dto/token-page.dto.js';
import { TokensService } from './tokens.service.js';

@ApiTags('Accounts')
@ApiBearerAuth()
@Controller('users')
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  /** List my personal access tokens */
  @ApiOperation({ operationId: 'tokens_listMine', description: 'Newest first, without the tokens themselves.' })
  @ApiOkResponse({ type: TokenPageDto, description: 'One page of tokens.' })
  @Problems(401, 403, 422)
  @Scope('session')
  @Get('me/tokens')
  listMine(@CurrentUser() asker: Principal, @Query() list: ListQueryDto): Promise<TokenPageDto> {
    return this.tokens.list(asker.userId, list);
  }

  /** Make a personal access token */
  @ApiOperation({
    operationId: 'tokens_create',
    description:
      'For programs that act for their owner: sent as `Authorization: Bearer …` in place of an access token, it opens what both ' +
      'its scopes and its owner’s role open. It is shown in this answer alone, so that no `Idempotency-Key` is taken. Needs a ' +
      'signed-in person.',
  })
  @ApiCreatedResponse({ type: NewTokenDto, description: 'The token; keep it now.' })
  @Problems(400, 401, 403, 409, 413, 415, 422)
  @Scope('session')
  @Post('me/tokens')
  create(@CurrentUser() asker: Principal, @Body() body: CreateTokenDto): Promise<NewTokenDto> {
    return this.tokens.create(asker, body);
  }

  /** Revoke a personal access token */
  @ApiOperation({ operationId: 'tokens_revoke', description: 'It opens nothing any more, within a second.' })
  @ApiNoContentResponse({ description: 'The token is revoked.' })
  @Problems(401, 403, 404)
  @Scope('session')
  @HttpCode(204)
  @Delete('me/tokens/:tokenId')
  revoke(@CurrentUser() asker: Principal, @Param('tokenId', IdPipe) tokenId: string): Promise<void> {
    return this.tokens.revoke(asker, asker.userId, tokenId);
  }

  /** List a user's personal access tokens */
  @ApiOperation({ operationId: 'tokens_list', description: 'For administrators; newest first.' })
  @ApiOkResponse({ type: TokenPageDto, description: 'One page of tokens.' })
  @Problems(401, 403, 422)
  @Roles('admin')
  @Get(':userId/tokens')
  list(@Param('userId', IdPipe) userId: string, @Query() list: ListQueryDto): Promise<TokenPageDto> {
    return this.tokens.list(userId, list);
  }

  /** Revoke a user's personal access token */
  @ApiOperation({ operationId: 'tokens_revokeOf', description: 'For administrators.' })
  @ApiNoContentResponse({ description: 'The token is revoked.' })
  @Problems(401, 403, 404)
  @Roles('admin')
  @HttpCode(204)
  @Delete(':userId/tokens/:tokenId')
  revokeOf(
    @CurrentUser() asker: Principal,
    @Param('userId', IdPipe) userId: string,
    @Param('tokenId', IdPipe) tokenId: string,
  ): Promise<void> {
    return this.tokens.revoke(asker, userId, tokenId);
  }
}
