import { ValidateIf } from 'class-validator';

/**
 * The property may be left out, but where it is sent it must be valid; `null` is not. (class-validator's `@IsOptional` lets
 * `null` through: use that one for properties which a merge patch may clear.)
 */
export const IfPresent = (): PropertyDecorator => ValidateIf((_: object, value: unknown) => value !== undefined);
