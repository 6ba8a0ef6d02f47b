import { IsIn, IsOptional, IsUUID, Matches } from 'class-validator';
import { IsInstant } from '../../http/instant.decorator.js';
import { ListQueryDto } from '../../http/list-query.dto.js';

/** Kinds of things that entries tell of. */
export const AUDITED_TYPES = [
  'user',
  'token',
  'course',
  'assignment',
  'submission',
  'rejudge',
  'verification',
  'worker',
  'invitation',
  'audit',
] as const;

/** Which entries are wanted: those that meet all that is sent. */
export class AuditFilterDto extends ListQueryDto {
  /** Who did it. */
  @IsOptional()
  @IsUUID()
  actorId?: string;

  /**
   * What was done: an action such as `score.overridden`, or the part before the dot for all of its kind.
   * @example score
   */
  @IsOptional()
  @Matches(/^[a-z]{1,20}(?:\.[a-z_]{1,38})?$/, {
    message: '$property must be an action such as score.overridden, or score',
  })
  action?: string;

  /** The kind of thing that it was done to. */
  @IsOptional()
  @IsIn(AUDITED_TYPES)
  targetType?: (typeof AUDITED_TYPES)[number];

  /** What it was done to. */
  @IsOptional()
  @IsUUID()
  targetId?: string;

  /** The course that it happened in. */
  @IsOptional()
  @IsUUID()
  courseId?: string;

  /** Not before. */
  @IsOptional()
  @IsInstant()
  since?: Date;

  /** Before. */
  @IsOptional()
  @IsInstant()
  until?: Date;
}
