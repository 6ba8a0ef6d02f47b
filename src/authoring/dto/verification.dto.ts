import type { Verification } from '../verification.entity.js';
import type { VerificationResult } from '../verification-results.js';
import { headFields, VerificationHeadDto } from './verification-head.dto.js';
import { VerificationItemDto } from './verification-item.dto.js';

/** How an assignment grades its model submissions. */
export class VerificationDto extends VerificationHeadDto {
  /** The model submissions, in order of their paths. */
  items: VerificationItemDto[];

  static of(verification: Verification, result: VerificationResult): VerificationDto {
    return {
      ...headFields(verification, result),
      items: result.items.map((item) => VerificationItemDto.from(item)),
    };
  }
}
